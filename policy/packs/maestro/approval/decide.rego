# METADATA
# title: Decide a request
# description: Who may approve or reject an act that waits for a second person.
package maestro.approval.decide

import data.maestro.access
import data.maestro.facts
import data.maestro.reasons

# METADATA
# title: Another entitled person decides
# description: Allowed to platform admins and reviewers, and tenant admins for acts in their own tenant.
# entrypoint: true
default allow := false

allow if access.manages

allow if {
	"reviewer" in input.principal.roles
	not input.principal.tenant
}

# METADATA
# title: Not entitled to decide requests
# description: Only for platform admins and reviewers, and tenant admins for acts in their own tenant.
# custom:
#   id: not-entitled-to-decide
#   remediation: Ask an admin of the tenant, a platform admin or a reviewer to decide.
#   severity: high
#   mode: enforce
deny contains reason if {
	not allow
	message := sprintf("%s may not decide requests in %s", [access.who, facts.place])
	reason := reasons.of(rego.metadata.rule(), message, access.shown)
}

# METADATA
# title: Nobody decides their own request
# description: Who asked is not the second person, not with another token either. To withdraw a request, let it expire.
# custom:
#   id: own-request
#   remediation: Ask somebody else who is entitled to decide.
#   severity: critical
#   mode: enforce
deny contains reason if {
	same_person
	message := sprintf("%s asked for %s and cannot be the second person too%s", [input.request.requestedBy, input.request.action, known_as])
	reason := reasons.of(rego.metadata.rule(), message, {"request": input.request.id, "requestedBy": input.request.requestedBy, "principal": input.principal.id})
}

# METADATA
# title: Another id of the same person
# description: Told when who decides goes by another id than who asked.
known_as := "" if input.principal.id == input.request.requestedBy
else := sprintf(", not as %s either", [input.principal.id])

# METADATA
# title: Nobody knows who stands behind
# description: Without knowing both persons, nobody can tell that they are two.
# custom:
#   id: person-unknown
#   remediation: Decide with your own login, or with a token that you made for yourself.
#   severity: critical
#   mode: enforce
deny contains reason if {
	not both_known
	message := sprintf("it is not known which person stands behind %s or behind %s", [input.principal.id, input.request.requestedBy])
	reason := reasons.of(rego.metadata.rule(), message, {"request": input.request.id, "requestedBy": input.request.requestedBy, "principal": input.principal.id})
}

# METADATA
# title: The same person
# description: By the id, or by the person behind it.
same_person if input.principal.person == input.request.requestedByPerson

same_person if input.principal.id == input.request.requestedBy

# METADATA
# title: Both persons are known
# description: Who asked and who decides.
both_known if {
	input.principal.person
	input.request.requestedByPerson
}

# METADATA
# title: The request is not described
# description: A question about a request says which, who asked for what, and what the principal decides.
# custom:
#   id: request-not-described
#   remediation: This is a fault of the server, nothing to mend from outside. Report it with the correlation id.
#   severity: critical
#   mode: enforce
deny contains reason if {
	not described
	message := "the server did not tell the policy who decides which request, and how"
	reason := reasons.of(rego.metadata.rule(), message, {"where": facts.place})
}

# METADATA
# title: All is there
# description: What rules refer to in conditions and sentences.
described if {
	input.principal.id
	input.request.id
	input.request.entryPoint
	input.request.action
	input.request.requestedBy
	input.request.verdict
}

# METADATA
# title: No reason is given
# description: A decision says why, for whoever reads the receipt later.
# custom:
#   id: decision-without-reason
#   remediation: Give a reason in a few words.
#   severity: medium
#   mode: enforce
deny contains reason if {
	trim_space(object.get(input.request, "reason", "")) == ""
	message := sprintf("%s would %s the request %s without saying why", [input.principal.id, input.request.verdict, input.request.id])
	reason := reasons.of(rego.metadata.rule(), message, {"request": input.request.id, "principal": input.principal.id, "verdict": input.request.verdict})
}

# METADATA
# title: The refusals of the profile
# description: What the profile refuses beyond that.
deny contains reason if some reason in data.maestro.profiles[facts.profile].approval.decide.deny
