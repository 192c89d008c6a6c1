# METADATA
# title: Rules about publishers
# description: Whose adapters may be used.
package maestro.rules.publishers

import data.maestro.facts
import data.maestro.reasons

# METADATA
# title: The publisher is not on the list
# description: Where publishers are listed, only their adapters may be used.
# custom:
#   id: publisher-not-allowed
#   remediation: Use an adapter of a listed publisher, or ask a platform admin to add this one to allowedPublishers.
#   severity: high
#   mode: enforce
deny contains reason if {
	publishers := facts.allowed_publishers
	not allowed
	message := sprintf("%s is published by %s, and %s takes adapters only from %s", [facts.adapter, input.adapter.publisher, facts.owner, concat(", ", publishers)])
	reason := reasons.of(rego.metadata.rule(), message, {"adapter": facts.adapter, "publisher": input.adapter.publisher, "allowedPublishers": publishers, "where": facts.owner})
}

# METADATA
# title: The publisher is on the list
# description: Asked this way round, so that a publisher who is not told is not allowed.
allowed if input.adapter.publisher in facts.allowed_publishers
