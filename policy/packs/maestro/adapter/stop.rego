# METADATA
# title: Stop an instance
# description: Who may stop an instance. Nothing but the role counts, since what is stopped does no harm.
package maestro.adapter.stop

import data.maestro.access
import data.maestro.facts
import data.maestro.reasons
import data.maestro.rules.place

# METADATA
# title: Admins stop instances
# description: Allowed to platform admins, and tenant admins in their own tenant.
# entrypoint: true
default allow := false

allow if access.manages

# METADATA
# title: Not entitled to stop instances
# description: Only for platform admins, and tenant admins in their own tenant.
# custom:
#   id: not-entitled-to-stop
#   remediation: Ask an admin of the tenant to do it.
#   severity: high
#   mode: enforce
deny contains reason if {
	not allow
	message := sprintf("%s may not stop instances in %s", [access.who, facts.place])
	reason := reasons.of(rego.metadata.rule(), message, access.shown)
}

# METADATA
# title: The shared rules
# description: Who and where; nothing of the adapter, so that what is broken can go.
deny contains reason if some reason in place.deny

# METADATA
# title: The refusals of the profile
# description: What the profile refuses beyond that.
deny contains reason if some reason in data.maestro.profiles[facts.profile].adapter.stop.deny

# METADATA
# title: The approvals of the profile
# description: What waits for a second person in this profile beyond that.
require_approval contains reason if some reason in data.maestro.profiles[facts.profile].adapter.stop.require_approval
