# METADATA
# title: Rules about the question
# description: A rule that does not know what it asks about is silent, and silence must not be consent.
package maestro.rules.question

import data.maestro.reasons

# METADATA
# title: The adapter is not described
# description: A question about an adapter says all that the rules need to know of it.
# custom:
#   id: adapter-not-described
#   remediation: This is a fault of the server, nothing to mend from outside. Report it with the correlation id.
#   severity: critical
#   mode: enforce
deny contains reason if {
	not described
	message := "the server did not tell the policy all that the rules need to know of the adapter"
	reason := reasons.of(rego.metadata.rule(), message, {"asked": object.get(input, "entryPoint", "unknown")})
}

# METADATA
# title: All is there
# description: What rules refer to in conditions and sentences.
described if {
	input.principal.id
	input.principal.kind
	input.subject.name
	input.adapter.name
	input.adapter.version
	input.adapter.type
	input.adapter.publisher
	input.adapter.adapter_risk_level
	input.adapter.data_sensitivity
	is_boolean(input.adapter.requires_approval)
	input.adapter.permissions.hosts
}
