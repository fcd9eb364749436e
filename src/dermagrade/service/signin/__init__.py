"""Who somebody is and what they may do: local accounts, an OpenID provider, sessions and invitations."""

from dermagrade.service.signin.csrf import check_csrf
from dermagrade.service.signin.member import Member, need_role, signed_in

__all__ = ["Member", "check_csrf", "need_role", "signed_in"]
