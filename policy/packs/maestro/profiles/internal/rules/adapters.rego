# METADATA
# title: Rules about adapters
# description: What an installation for its own company minds about adapters. It warns rather than refuses.
package maestro.profiles.internal.rules.adapters

import data.maestro.facts
import data.maestro.reasons

# METADATA
# title: An adapter of high risk is put to work by one person
# description: Without dual control, this is allowed and reported.
# custom:
#   id: internal-high-risk-alone
#   remediation: Have a colleague look at it, or switch dualControl on in the policy settings.
#   severity: medium
#   mode: warn
deny contains reason if {
	input.adapter.adapter_risk_level == "high"
	not facts.dual_control
	message := sprintf("%s has risk high, and nobody else has to approve that in %s", [facts.adapter, facts.place])
	reason := reasons.of(rego.metadata.rule(), message, {"adapter": facts.adapter, "adapter_risk_level": "high", "dualControl": false, "where": facts.place})
}

# METADATA
# title: A pre-release in production
# description: Production runs released versions.
# custom:
#   id: internal-prerelease-in-production
#   remediation: Use a released version, or try this one in another environment.
#   severity: medium
#   mode: warn
deny contains reason if {
	facts.production
	contains(input.adapter.version, "-")
	message := sprintf("%s is a pre-release, and %s is production", [facts.adapter, facts.place])
	reason := reasons.of(rego.metadata.rule(), message, {"adapter": facts.adapter, "where": facts.place})
}

# METADATA
# title: The publisher is on no list
# description: Shows what would be refused if allowedPublishers were set to Maestro alone.
# custom:
#   id: internal-publisher-not-listed
#   remediation: Set allowedPublishers in the policy settings to the publishers whom you mean to use.
#   severity: low
#   mode: shadow
deny contains reason if {
	not facts.allowed_publishers
	input.adapter.publisher != "maestro"
	message := sprintf("%s is published by %s, and %s lists no publishers", [facts.adapter, input.adapter.publisher, facts.owner])
	reason := reasons.of(rego.metadata.rule(), message, {"adapter": facts.adapter, "publisher": input.adapter.publisher, "where": facts.owner})
}
