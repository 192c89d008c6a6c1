# METADATA
# title: Rules about approvals
# description: What takes two people in an installation for its own company, dual control or not.
package maestro.profiles.internal.rules.approvals

import data.maestro.facts
import data.maestro.reasons

# METADATA
# title: Restricted data and high risk take two people
# description: An adapter of high risk that is meant for restricted data is put to work by two people, whatever the settings say.
# custom:
#   id: internal-restricted-high-risk
#   remediation: Ask another admin to approve the request, then repeat the act with its approval id.
#   severity: high
#   mode: enforce
require_approval contains reason if {
	input.adapter.adapter_risk_level == "high"
	input.adapter.data_sensitivity == "restricted"
	message := sprintf("%s has risk high and is meant for restricted data, which takes the approval of a second person", [facts.adapter])
	reason := reasons.of(rego.metadata.rule(), message, {"adapter": facts.adapter, "adapter_risk_level": "high", "data_sensitivity": "restricted", "where": facts.place})
}
