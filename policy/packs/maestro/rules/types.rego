# METADATA
# title: Rules about adapter types
# description: Which types of adapters a tenant is allowed. They hold for each call, so that taking a type away takes effect at once.
package maestro.rules.types

import data.maestro.facts
import data.maestro.reasons

# METADATA
# title: The adapter type is not allowed
# description: Where types are listed, only adapters of these types may be used.
# custom:
#   id: adapter-type-not-allowed
#   remediation: Use an adapter of an allowed type, or ask a platform admin to add this one to allowedAdapterTypes.
#   severity: medium
#   mode: enforce
deny contains reason if {
	types := facts.allowed_adapter_types
	not allowed
	message := sprintf("%s is of type %s, and %s is allowed %s", [facts.adapter, input.adapter.type, facts.owner, listed(types)])
	reason := reasons.of(rego.metadata.rule(), message, {"adapter": facts.adapter, "type": input.adapter.type, "allowedAdapterTypes": types, "where": facts.owner})
}

# METADATA
# title: The type is on the list
# description: Asked this way round, so that a type that is not told is not allowed.
allowed if input.adapter.type in facts.allowed_adapter_types

# METADATA
# title: A list of types
# description: As people write it.
listed(types) := "no type at all" if count(types) == 0
else := sprintf("only %s", [concat(", ", types)])
