"""The face that signs members in: by a password that is kept here, by an OpenID provider, or by an invitation."""
