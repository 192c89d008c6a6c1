# METADATA
# title: Roll an instance back
# description: Who may have an instance run an older version again, and which.
package maestro.adapter.rollback

import data.maestro.access
import data.maestro.facts
import data.maestro.reasons
import data.maestro.rules.approvals
import data.maestro.rules.lifecycle

# METADATA
# title: Admins roll instances back
# description: Allowed to platform admins, and tenant admins in their own tenant.
# entrypoint: true
default allow := false

allow if access.manages

# METADATA
# title: Not entitled to roll instances back
# description: Only for platform admins, and tenant admins in their own tenant.
# custom:
#   id: not-entitled-to-roll-back
#   remediation: Ask an admin of the tenant to do it.
#   severity: high
#   mode: enforce
deny contains reason if {
	not allow
	message := sprintf("%s may not roll instances back in %s", [access.who, facts.place])
	reason := reasons.of(rego.metadata.rule(), message, access.shown)
}

# METADATA
# title: The version is not older
# description: A rollback goes to an older version; going on is an upgrade and asked for as one.
# custom:
#   id: rollback-not-older
#   remediation: Choose an older version, or upgrade the instance instead.
#   severity: medium
#   mode: enforce
deny contains reason if {
	not older
	running := object.get(input, ["current", "version"], "an unknown version")
	message := sprintf("%s runs %s, and %s is not older", [input.subject.name, running, input.adapter.version])
	reason := reasons.of(rego.metadata.rule(), message, {"instance": input.subject.name, "current": running, "wanted": input.adapter.version, "where": facts.place})
}

# METADATA
# title: The version is older
# description: By semantic versioning. Asked this way round, so that what cannot be compared is not older.
older if semver.compare(input.adapter.version, input.current.version) < 0

# METADATA
# scope: document
# title: All refusals
# description: Those of this file, those that other entry points share, and those of the profile.
deny contains reason if some reason in lifecycle.deny

# METADATA
# title: The refusals of the profile
# description: What the profile refuses beyond that.
deny contains reason if some reason in data.maestro.profiles[facts.profile].adapter.rollback.deny

# METADATA
# title: The shared rules about approvals
# description: What waits for a second person whenever an instance is put to work.
require_approval contains reason if some reason in approvals.require_approval

# METADATA
# title: The approvals of the profile
# description: What waits for a second person in this profile beyond that.
require_approval contains reason if some reason in data.maestro.profiles[facts.profile].adapter.rollback.require_approval
