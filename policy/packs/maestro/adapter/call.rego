# METADATA
# title: Call an instance
# description: Who may call an operation of an instance.
package maestro.adapter.call

import data.maestro.access
import data.maestro.facts
import data.maestro.reasons
import data.maestro.rules.place
import data.maestro.rules.profile
import data.maestro.rules.question
import data.maestro.rules.types

# METADATA
# title: Who calls instances
# description: Allowed to admins and developers, programs of the tenant or the installation, and the server where it checks logins and moves data.
# entrypoint: true
default allow := false

allow if access.calls

# METADATA
# title: Not entitled to call instances
# description: Only for admins and developers, programs of the tenant or the installation, and the server where it checks logins and moves data.
# custom:
#   id: not-entitled-to-call
#   remediation: Use a token with the role tenant_developer or service of this tenant and environment.
#   severity: high
#   mode: enforce
deny contains reason if {
	not allow
	message := sprintf("%s may not call instances in %s", [access.who, facts.place])
	reason := reasons.of(rego.metadata.rule(), message, access.shown)
}

# METADATA
# scope: document
# title: All refusals
# description: Those of this file, those that other entry points share, and those of the profile.
deny contains reason if some reason in place.deny

deny contains reason if some reason in question.deny

deny contains reason if some reason in profile.deny

deny contains reason if some reason in types.deny

# METADATA
# title: The refusals of the profile
# description: What the profile refuses beyond that.
deny contains reason if some reason in data.maestro.profiles[facts.profile].adapter.call.deny

# METADATA
# title: The approvals of the profile
# description: What waits for a second person in this profile beyond that.
require_approval contains reason if some reason in data.maestro.profiles[facts.profile].adapter.call.require_approval
