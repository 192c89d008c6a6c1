# METADATA
# title: Any other act
# description: Who may do what has no entry point of its own, for example make tokens, members, environments and secrets.
package maestro.act

import data.maestro.access
import data.maestro.facts
import data.maestro.reasons

# METADATA
# title: Admins act, people begin and end their sessions, and the server does its own
# description: Allowed to platform admins, tenant admins in their own tenant, everybody for sessions, and each part of the server for its own acts.
# entrypoint: true
default allow := false

allow if access.manages

allow if {
	input.action in {"session.begin", "session.end"}
	input.principal.kind != "system"
	own_place
}

allow if access.acts_by_itself

# METADATA
# title: The principal's own place
# description: The act takes effect in the principal's tenant, or in the installation for one that is confined to nothing.
own_place if input.principal.tenant == input.scope.tenant

own_place if not input.principal.tenant

own_place if not input.scope.tenant

# METADATA
# title: Not entitled to do this
# description: Only for platform admins, and tenant admins in their own tenant.
# custom:
#   id: not-entitled-to-act
#   remediation: Ask an admin of the tenant or of the platform to do it.
#   severity: high
#   mode: enforce
deny contains reason if {
	not allow
	message := sprintf("%s may not do %s in %s", [access.who, input.action, facts.place])
	reason := reasons.of(rego.metadata.rule(), message, object.union(access.shown, {"action": input.action}))
}

# METADATA
# title: The act is not described
# description: A question about an act names the act, what it is done to, and who does it.
# custom:
#   id: act-not-described
#   remediation: This is a fault of the server, nothing to mend from outside. Report it with the correlation id.
#   severity: critical
#   mode: enforce
deny contains reason if {
	not described
	message := "the server did not tell the policy what is done, to what, and by whom"
	reason := reasons.of(rego.metadata.rule(), message, {"where": facts.place})
}

# METADATA
# title: All is there
# description: What rules refer to in conditions and sentences.
described if {
	input.principal.id
	input.principal.kind
	input.action
	input.subject.name
}

# METADATA
# title: This act needs two people
# description: Under dual control, acts that cannot be taken back or that decide whom the installation trusts are done by two people.
# custom:
#   id: weighty-act-needs-approval
#   remediation: Ask another platform admin to approve the request, then repeat the act with its approval id.
#   severity: critical
#   mode: enforce
require_approval contains reason if {
	input.action in {"tenant.offboard", "publisher-key.trust"}
	facts.dual_control
	message := sprintf("%s of %s takes the approval of a second person", [input.action, input.subject.name])
	reason := reasons.of(rego.metadata.rule(), message, {"action": input.action, "subject": input.subject.name, "dualControl": true, "where": facts.place})
}

# METADATA
# title: Deleting a production environment needs two people
# description: Under dual control, a production environment is deleted by two people.
# custom:
#   id: environment-delete-needs-approval
#   remediation: Ask another admin to approve the request, then repeat the act with its approval id.
#   severity: critical
#   mode: enforce
require_approval contains reason if {
	input.action == "environment.delete"
	input.subject.name in facts.production_environments
	facts.dual_control
	message := sprintf("%s is a production environment of %s, and deleting it takes the approval of a second person", [input.subject.name, facts.owner])
	reason := reasons.of(rego.metadata.rule(), message, {"environment": input.subject.name, "dualControl": true, "where": facts.owner})
}

# METADATA
# title: Changing the platform's policy needs two people
# description: Under dual control, packs of the installation are changed by two people. A tenant's own pack only restricts, and takes one.
# custom:
#   id: policy-change-needs-approval
#   remediation: Ask another platform admin to approve the request, then repeat the act with its approval id.
#   severity: critical
#   mode: enforce
require_approval contains reason if {
	startswith(input.action, "policy")
	not input.scope.tenant
	facts.dual_control
	message := sprintf("%s of %s changes the policy of the installation, which takes the approval of a second person", [input.action, input.subject.name])
	reason := reasons.of(rego.metadata.rule(), message, {"action": input.action, "subject": input.subject.name, "dualControl": true})
}

# METADATA
# title: Who may approve
# description: The roles whose holders can be the second person.
approving := {"platform_admin", "tenant_admin", "reviewer"}

# METADATA
# scope: document
# title: The roles that would be granted
# description: Those that matter here; one that is not told is taken for one of them.
granted contains role if {
	some role in input.configuration.roles
	role in approving
}

granted contains "somebody of an unknown role" if not input.configuration.roles

# METADATA
# title: Making somebody who approves needs two people
# description: Under dual control, nobody makes a second person by themselves.
# custom:
#   id: grant-needs-approval
#   remediation: Ask another admin to approve the request, then repeat the act with its approval id. Other roles can be given by one person.
#   severity: high
#   mode: enforce
require_approval contains reason if {
	input.action in {"token.create", "member.add", "member.change", "identity-provider.create", "identity-provider.change"}
	input.principal.kind != "system"
	facts.dual_control
	some role in granted
	message := sprintf("%s would be made %s in %s, and could then approve what others ask for", [input.subject.name, role, facts.place])
	reason := reasons.of(rego.metadata.rule(), message, {"subject": input.subject.name, "role": role, "dualControl": true, "where": facts.place})
}

# METADATA
# title: The refusals of the profile
# description: What the profile refuses beyond that.
deny contains reason if some reason in data.maestro.profiles[facts.profile].act.deny

# METADATA
# title: The approvals of the profile
# description: What waits for a second person in this profile beyond that.
require_approval contains reason if some reason in data.maestro.profiles[facts.profile].act.require_approval
