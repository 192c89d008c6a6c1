# METADATA
# title: Rules about approvals
# description: Which acts on adapters wait for a second person.
package maestro.rules.approvals

import data.maestro.facts
import data.maestro.reasons

# METADATA
# title: The adapter asks for an approval
# description: An adapter whose manifest says requires_approval is put to work by two people, whatever the settings say.
# custom:
#   id: adapter-requires-approval
#   remediation: Ask another admin to approve the request, then repeat the act with its approval id.
#   severity: high
#   mode: enforce
require_approval contains reason if {
	input.adapter.requires_approval == true
	message := sprintf("the manifest of %s asks for the approval of a second person", [facts.adapter])
	reason := reasons.of(rego.metadata.rule(), message, {"adapter": facts.adapter, "requires_approval": true, "where": facts.place})
}

# METADATA
# title: An adapter of high risk needs two people
# description: Under dual control, an adapter of high risk is put to work by two people.
# custom:
#   id: high-risk-needs-approval
#   remediation: Ask another admin to approve the request, then repeat the act with its approval id.
#   severity: high
#   mode: enforce
require_approval contains reason if {
	input.adapter.adapter_risk_level == "high"
	facts.dual_control
	message := sprintf("%s has risk high, which takes the approval of a second person in %s", [facts.adapter, facts.owner])
	reason := reasons.of(rego.metadata.rule(), message, {"adapter": facts.adapter, "adapter_risk_level": "high", "dualControl": true, "where": facts.place})
}
