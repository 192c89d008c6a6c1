# METADATA
# title: Start an instance
# description: Who may start an instance. What it was created with is judged anew, so that a limit that was lowered holds from the next start.
package maestro.adapter.start

import data.maestro.access
import data.maestro.facts
import data.maestro.reasons
import data.maestro.rules.lifecycle

# METADATA
# title: Admins start instances
# description: Allowed to platform admins, and tenant admins in their own tenant.
# entrypoint: true
default allow := false

allow if access.manages

# METADATA
# title: Not entitled to start instances
# description: Only for platform admins, and tenant admins in their own tenant.
# custom:
#   id: not-entitled-to-start
#   remediation: Ask an admin of the tenant to do it.
#   severity: high
#   mode: enforce
deny contains reason if {
	not allow
	message := sprintf("%s may not start instances in %s", [access.who, facts.place])
	reason := reasons.of(rego.metadata.rule(), message, access.shown)
}

# METADATA
# scope: document
# title: All refusals
# description: Those of this file, those that other entry points share, and those of the profile.
deny contains reason if some reason in lifecycle.deny

# METADATA
# title: The refusals of the profile
# description: What the profile refuses beyond that.
deny contains reason if some reason in data.maestro.profiles[facts.profile].adapter.start.deny

# METADATA
# title: The approvals of the profile
# description: What waits for a second person in this profile beyond that.
require_approval contains reason if some reason in data.maestro.profiles[facts.profile].adapter.start.require_approval
