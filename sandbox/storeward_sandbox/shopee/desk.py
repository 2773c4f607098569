"""The app, sellers' consents, and the tokens that prove them. Lifetimes are judged by the machine's clock.

Every shop and every merchant has a chain of its own: an access token, and a refresh token that is good once. A consent of a main
account covers several of them; the tokens of its code stand for all until each has been refreshed for itself.
"""

from dataclasses import dataclass, field
from hashlib import sha256
from random import Random

from .errors import GATEWAY, ApiError, invalid_refresh_token, invalid_token, not_linked

ACCESS_SECONDS = 4 * 3600
REFRESH_SECONDS = 30 * 86400
PREVIOUS_SECONDS = 300
"""So long the access token before a refresh still works."""
CODE_SECONDS = 600
CONSENT_SECONDS = 365 * 86400

Subject = tuple[str, str]
"""`shop` or `merchant`, and its id."""


@dataclass
class App:
    """The one app that the sandbox knows: a seller's in-house system, which may call everything for its own shops."""

    partner_id: int
    partner_key: str
    push_key: str
    redirect_url: str = ""

    @classmethod
    def made(cls, chance: Random) -> "App":
        return cls(
            partner_id=2_000_000 + chance.randrange(1, 99_999),
            partner_key=f"shpk{chance.getrandbits(240):060x}",
            push_key=f"shpk{chance.getrandbits(240):060x}",
        )


@dataclass
class Chain:
    """The tokens of one subject, and the access token before, which dies a little later."""

    access_token: str
    access_expires: int
    refresh_token: str
    refresh_expires: int
    generation: int
    previous: str = ""
    previous_expires: int = 0


@dataclass
class Consent:
    """One seller's consent. `state` is in_force, revoked or expired; with `main` a main account gave it."""

    account_id: str
    name: str
    region: str
    shop_ids: list[str]
    merchant_ids: list[str] = field(default_factory=list)
    main: bool = False
    state: str = "in_force"
    given: int = 0
    expires: int = 0
    chains: dict[Subject, Chain] = field(default_factory=dict)

    @property
    def in_force(self) -> bool:
        return self.state == "in_force"

    @property
    def subjects(self) -> list[Subject]:
        return [*(("shop", one) for one in self.shop_ids), *(("merchant", one) for one in self.merchant_ids)]


@dataclass
class TokenDesk:
    """Hands out tokens and knows whose they are. Without `rotate` a refresh leaves the refresh token as it was."""

    secret: str
    rotate: bool = True
    consents: list[Consent] = field(default_factory=list)
    refreshes: int = 0
    _by_subject: dict[Subject, Consent] = field(default_factory=dict)
    _by_access: dict[str, list[Subject]] = field(default_factory=dict)
    _by_refresh: dict[str, list[Subject]] = field(default_factory=dict)
    _codes: dict[str, tuple[Consent, float]] = field(default_factory=dict)
    _codes_given: int = 0

    def add(self, consent: Consent, machine_now: float, lasts: int = CONSENT_SECONDS) -> None:
        """A consent that was given before the sandbox began: each subject has its own chain already."""
        self.consents.append(consent)
        consent.given = int(machine_now) + lasts - CONSENT_SECONDS
        consent.expires = int(machine_now) + lasts
        for subject in consent.subjects:
            self._by_subject[subject] = consent
            self._issue(consent, subject, machine_now)

    def of_shop(self, shop_id: str) -> Consent | None:
        return self._by_subject.get(("shop", shop_id))

    def of_merchant(self, merchant_id: str) -> Consent | None:
        return self._by_subject.get(("merchant", merchant_id))

    # --- access ---------------------------------------------------------------------------------------------------

    def check(self, token: str, subject: Subject, machine_now: float) -> Consent:
        """The consent behind a token. Raises ApiError where the token is unknown, ended, too old, or another's."""
        consent = self._by_subject.get(subject)
        if consent is None or subject not in self._by_access.get(token, ()):
            raise invalid_token()
        self._let_expire(consent, machine_now)
        if not consent.in_force:
            raise not_linked()
        chain = consent.chains[subject]
        if token == chain.access_token and machine_now < chain.access_expires:
            return consent
        if token == chain.previous and machine_now < chain.previous_expires:
            return consent
        raise invalid_token()

    def _let_expire(self, consent: Consent, machine_now: float) -> None:
        if consent.in_force and machine_now >= consent.expires:
            consent.state = "expired"

    # --- codes and refreshing -------------------------------------------------------------------------------------

    def code_for(self, consent: Consent, machine_now: float) -> str:
        """A code for the redirect: good once, for ten minutes."""
        self._codes_given += 1
        code = self._mint("code", consent.account_id, self._codes_given)
        self._codes[code] = (consent, machine_now + CODE_SECONDS)
        return code

    def exchange(self, code: str, account_id: str, main: bool, machine_now: float) -> tuple[Consent, Chain]:
        """Tokens for a code. Raises ApiError for a bad code, or where another account gave it."""
        consent, until = self._codes.get(code, (None, 0.0))
        if consent is None or machine_now > until:
            raise ApiError("invalid_code", "Invalid code, please have a check.", GATEWAY)
        if main != consent.main or account_id != consent.account_id:
            raise ApiError(
                "invalid_main_acount_id" if main else "invalid_shop_id", "The code was given by another account.", GATEWAY
            )
        del self._codes[code]
        return consent, self._renew_all(consent, machine_now)

    def refresh(self, refresh_token: str, subject: Subject, machine_now: float) -> Chain:
        """The next pair of one subject. Raises ApiError where nothing stands behind the token any more."""
        consent = self._by_subject.get(subject)
        if consent is None or subject not in self._by_refresh.get(refresh_token, ()):
            raise invalid_refresh_token()
        self._let_expire(consent, machine_now)
        if not consent.in_force:
            raise ApiError(f"{subject[0]}_{_WHY[consent.state]}", "The authorization is not in force.", GATEWAY)
        if machine_now >= consent.chains[subject].refresh_expires:
            raise ApiError("refresh_token_expired", "The refresh_token has expired.", GATEWAY)
        self.refreshes += 1
        if self.rotate:
            self._by_refresh[refresh_token].remove(subject)
        return self._issue(consent, subject, machine_now, keep="" if self.rotate else refresh_token)

    # --- what sellers do ------------------------------------------------------------------------------------------

    def revoke(self, consent: Consent, state: str = "revoked") -> None:
        consent.state = state

    def restore(self, consent: Consent, machine_now: float) -> None:
        """The seller consents again: new tokens for all."""
        consent.state = "in_force"
        consent.given, consent.expires = int(machine_now), int(machine_now) + CONSENT_SECONDS
        for subject in consent.subjects:
            self._forget(consent, subject)
            self._issue(consent, subject, machine_now)

    def expire_access(self, consent: Consent, machine_now: float) -> None:
        for chain in consent.chains.values():
            chain.access_expires = chain.previous_expires = int(machine_now)

    # --- chains ---------------------------------------------------------------------------------------------------

    def _renew_all(self, consent: Consent, machine_now: float) -> Chain:
        """The seller has consented: one pair for all that the consent covers."""
        self.restore(consent, machine_now)
        first = consent.chains[consent.subjects[0]]
        for subject in consent.subjects[1:]:
            self._forget(consent, subject)
            consent.chains[subject] = Chain(
                first.access_token, first.access_expires, first.refresh_token, first.refresh_expires, first.generation
            )
            self._by_access[first.access_token].append(subject)
            self._by_refresh[first.refresh_token].append(subject)
        return first

    def _issue(self, consent: Consent, subject: Subject, machine_now: float, keep: str = "") -> Chain:
        before = consent.chains.get(subject)
        generation = before.generation + 1 if before else 1
        chain = Chain(
            access_token=self._mint("access", *subject, generation, consent.given),
            access_expires=int(machine_now) + ACCESS_SECONDS,
            refresh_token=keep or self._mint("refresh", *subject, generation, consent.given),
            refresh_expires=min(int(machine_now) + REFRESH_SECONDS, consent.expires),
            generation=generation,
        )
        if before is not None:
            chain.previous = before.access_token
            chain.previous_expires = min(before.access_expires, int(machine_now) + PREVIOUS_SECONDS)
        consent.chains[subject] = chain
        self._by_access.setdefault(chain.access_token, []).append(subject)
        holders = self._by_refresh.setdefault(chain.refresh_token, [])
        if subject not in holders:
            holders.append(subject)
        return chain

    def _forget(self, consent: Consent, subject: Subject) -> None:
        """No token that the subject ever had works any more."""
        for known in (*self._by_access.values(), *self._by_refresh.values()):
            if subject in known:
                known.remove(subject)
        if subject in consent.chains:
            consent.chains[subject].access_expires = 0

    def _mint(self, *parts: object) -> str:
        text = "|".join([self.secret, *(str(part) for part in parts)])
        return sha256(text.encode()).hexdigest()[:32]


_WHY = {"revoked": "no_linked", "expired": "access_expired"}
