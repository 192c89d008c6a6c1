# METADATA
# title: Decide a request
# description: What the profile hosted-saas adds here.
package maestro.profiles["hosted-saas"].approval.decide

import data.maestro.access
import data.maestro.facts
import data.maestro.reasons

# METADATA
# title: The provider approves adapters
# description: What puts an adapter to work is approved by the provider's people, not by the tenant's.
# custom:
#   id: hosted-saas-approver-of-tenant
#   remediation: Ask the provider's support to decide the request.
#   severity: high
#   mode: enforce
deny contains reason if {
	input.request.verdict == "approve"
	input.request.entryPoint in {"adapter/install", "adapter/configure", "adapter/upgrade", "adapter/rollback"}
	input.principal.tenant
	message := sprintf("%s is of the tenant, and %s is approved by the provider", [access.who, input.request.action])
	reason := reasons.of(rego.metadata.rule(), message, {"principal": input.principal.id, "roles": input.principal.roles, "action": input.request.action, "request": input.request.id, "where": facts.place})
}
