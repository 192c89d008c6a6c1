# METADATA
# title: Rules about approvals
# description: What takes two people where the tenants are customers of the partner.
package maestro.profiles["white-label"].rules.approvals

import data.maestro.facts
import data.maestro.reasons

# METADATA
# title: Restricted data takes two people
# description: An adapter that is meant for restricted data is put to work by two people.
# custom:
#   id: white-label-restricted-data
#   remediation: Ask another admin to approve the request, then repeat the act with its approval id.
#   severity: high
#   mode: enforce
require_approval contains reason if {
	input.adapter.data_sensitivity == "restricted"
	facts.dual_control
	message := sprintf("%s is meant for restricted data, which takes the approval of a second person in %s", [facts.adapter, facts.owner])
	reason := reasons.of(rego.metadata.rule(), message, {"adapter": facts.adapter, "data_sensitivity": "restricted", "dualControl": true, "where": facts.place})
}
