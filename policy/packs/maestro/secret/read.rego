# METADATA
# title: Read a secret
# description: Whether an instance may be handed a secret. People and programs never are.
package maestro.secret.read

import data.maestro.access
import data.maestro.facts
import data.maestro.reasons

# METADATA
# title: Instances are handed secrets
# description: Allowed to the part of the server that opens instances, and to nobody else.
# entrypoint: true
default allow := false

allow if access.acts_by_itself

# METADATA
# title: Not entitled to read secrets
# description: Only for the part of the server that opens instances.
# custom:
#   id: not-entitled-to-read-secrets
#   remediation: Name the secret in the configuration of an instance; the value is handed to the instance and to nobody else.
#   severity: critical
#   mode: enforce
deny contains reason if {
	not allow
	message := sprintf("%s may not read secrets in %s", [access.who, facts.place])
	reason := reasons.of(rego.metadata.rule(), message, access.shown)
}

# METADATA
# title: The secret lies elsewhere
# description: An instance is handed secrets of its own tenant and environment only.
# custom:
#   id: secret-of-other-scope
#   remediation: Put the secret into the environment of the instance, and name it in the instance's configuration.
#   severity: critical
#   mode: enforce
deny contains reason if {
	not access.within
	message := sprintf("the secret %s lies in %s, and %s runs in %s", [input.secret.name, facts.place, input.secret.instance, access.confines])
	reason := reasons.of(rego.metadata.rule(), message, {"secret": input.secret.name, "instance": input.secret.instance, "runsIn": access.confines, "where": facts.place})
}

# METADATA
# title: The secret belongs to another instance
# description: A secret below instance/NAME is handed to the instance of that name only.
# custom:
#   id: secret-of-other-instance
#   remediation: Keep what instances share under a name that does not begin with instance/, for example shared/database.
#   severity: critical
#   mode: enforce
deny contains reason if {
	startswith(input.secret.name, "instance/")
	not startswith(input.secret.name, sprintf("instance/%s/", [input.secret.instance]))
	message := sprintf("the secret %s belongs to another instance than %s", [input.secret.name, input.secret.instance])
	reason := reasons.of(rego.metadata.rule(), message, {"secret": input.secret.name, "instance": input.secret.instance, "where": facts.place})
}

# METADATA
# title: What secrets are read for
# description: To check a configuration, to open an instance, and to hand it a value that changed.
purposes := {"check", "open", "rotate"}

# METADATA
# title: A good purpose is given
# description: One of those.
good_purpose if input.secret.purpose in purposes

# METADATA
# title: The secret is not described
# description: A question about a secret names the secret and the instance that reads it.
# custom:
#   id: secret-not-described
#   remediation: This is a fault of the server, nothing to mend from outside. Report it with the correlation id.
#   severity: critical
#   mode: enforce
deny contains reason if {
	not described
	message := "the server did not tell the policy which instance reads which secret"
	reason := reasons.of(rego.metadata.rule(), message, {"where": facts.place})
}

# METADATA
# title: All is there
# description: What rules refer to in conditions and sentences.
described if {
	input.secret.name
	input.secret.instance
}

# METADATA
# title: No good purpose is given
# description: A secret is read for a purpose that is written down with the access.
# custom:
#   id: secret-purpose-unknown
#   remediation: Nothing to mend from outside; the server asked without a purpose that it knows. Report it with the correlation id.
#   severity: high
#   mode: enforce
deny contains reason if {
	not good_purpose
	message := sprintf("the secret %s is asked for with the purpose %s, which is none of %s", [input.secret.name, object.get(input.secret, "purpose", "absent"), concat(", ", sort(purposes))])
	reason := reasons.of(rego.metadata.rule(), message, {"secret": input.secret.name, "purpose": object.get(input.secret, "purpose", "absent"), "purposes": purposes, "where": facts.place})
}

# METADATA
# title: The refusals of the profile
# description: What the profile refuses beyond that.
deny contains reason if some reason in data.maestro.profiles[facts.profile].secret.read.deny

# METADATA
# title: The approvals of the profile
# description: What waits for a second person in this profile.
require_approval contains reason if some reason in data.maestro.profiles[facts.profile].secret.read.require_approval
