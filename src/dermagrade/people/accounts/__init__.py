"""Accounts of the staff: members, passwords, invitations, sessions, and those whom an OpenID provider vouches for."""
