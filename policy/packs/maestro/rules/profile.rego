# METADATA
# title: Rules about the profile
# description: A tenant without rules must not be a tenant without limits.
package maestro.rules.profile

import data.maestro.facts
import data.maestro.reasons

# METADATA
# title: The profile is not known
# description: Without the pack of its profile, nothing is known about what a tenant may do, so it may do nothing.
# custom:
#   id: profile-unknown
#   remediation: Set a profile that is there (internal, white-label or hosted-saas), or push the pack that defines this one.
#   severity: critical
#   mode: enforce
deny contains reason if {
	not data.maestro.profiles[facts.profile].defaults
	message := sprintf("%s has the profile %s, and no active pack defines it", [facts.owner, facts.profile])
	reason := reasons.of(rego.metadata.rule(), message, {"where": facts.owner, "profile": facts.profile})
}
