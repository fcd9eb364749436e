"""Where the face and its skin zones are, and the patches cut from them."""
