"""Property tests of this package: no limit on the time of one example, for a busy machine is no mistake of ours."""

from hypothesis import HealthCheck, settings

settings.register_profile("policy", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow], database=None)
settings.load_profile("policy")
