# METADATA
# title: Rules about adapters
# description: What a partner who runs the product under its own name minds about adapters.
package maestro.profiles["white-label"].rules.adapters

import data.maestro.facts
import data.maestro.reasons

# METADATA
# title: A pre-release in production
# description: Production runs released versions.
# custom:
#   id: white-label-prerelease-in-production
#   remediation: Use a released version, or try this one in another environment.
#   severity: medium
#   mode: enforce
deny contains reason if {
	facts.production
	contains(input.adapter.version, "-")
	message := sprintf("%s is a pre-release, and %s is production", [facts.adapter, facts.place])
	reason := reasons.of(rego.metadata.rule(), message, {"adapter": facts.adapter, "where": facts.place})
}

# METADATA
# title: Production takes adapters of listed publishers
# description: Where no publishers are listed, production runs adapters of Maestro only.
# custom:
#   id: white-label-publisher-in-production
#   remediation: Ask a platform admin to add the publisher to allowedPublishers, or use the adapter in another environment.
#   severity: high
#   mode: enforce
deny contains reason if {
	facts.production
	not facts.allowed_publishers
	input.adapter.publisher != "maestro"
	message := sprintf("%s is published by %s, and no list lets that publisher into %s", [facts.adapter, input.adapter.publisher, facts.place])
	reason := reasons.of(rego.metadata.rule(), message, {"adapter": facts.adapter, "publisher": input.adapter.publisher, "where": facts.place})
}
