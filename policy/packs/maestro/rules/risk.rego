# METADATA
# title: Rules about risk
# description: How much risk a tenant takes.
package maestro.rules.risk

import data.maestro.facts
import data.maestro.reasons

# METADATA
# title: The adapter's risk is above the limit
# description: An adapter may be used only when its adapter_risk_level is at most the tenant's maxRisk.
# custom:
#   id: risk-above-limit
#   remediation: Choose an adapter of lower risk, or ask a platform admin to raise maxRisk in the tenant's policy settings.
#   severity: high
#   mode: enforce
deny contains reason if {
	not within_limit
	facts.risk_order[input.adapter.adapter_risk_level]
	message := sprintf("%s has risk %s, and %s allows %s at most", [facts.adapter, input.adapter.adapter_risk_level, facts.owner, facts.max_risk])
	reason := reasons.of(rego.metadata.rule(), message, {"adapter": facts.adapter, "adapter_risk_level": input.adapter.adapter_risk_level, "maxRisk": facts.max_risk, "where": facts.owner})
}

# METADATA
# title: Within the limit
# description: Asked this way round, so that a limit that is no word of ours is a limit that nothing is within.
within_limit if facts.risk_order[input.adapter.adapter_risk_level] <= facts.risk_order[facts.max_risk]

# METADATA
# title: The adapter's risk is not known
# description: A risk that is none of low, medium and high is taken for too high.
# custom:
#   id: risk-unknown
#   remediation: Have the publisher state adapter_risk_level in the adapter's manifest as low, medium or high.
#   severity: high
#   mode: enforce
deny contains reason if {
	not facts.risk_order[input.adapter.adapter_risk_level]
	message := sprintf("%s does not say a risk that is low, medium or high", [facts.adapter])
	reason := reasons.of(rego.metadata.rule(), message, {"adapter": facts.adapter, "where": facts.owner})
}
