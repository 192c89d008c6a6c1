# METADATA
# title: Store data
# description: Whether data may be stored by an instance, by where it must stay and where the instance keeps it.
package maestro.data.residency

import data.maestro.access
import data.maestro.facts
import data.maestro.reasons
import data.maestro.rules.place
import data.maestro.rules.profile
import data.maestro.rules.question
import data.maestro.rules.residency

# METADATA
# title: Who stores data
# description: Allowed to whoever may call the instance.
# entrypoint: true
default allow := false

allow if access.calls

# METADATA
# title: Not entitled to store data
# description: Only for whoever may call the instance.
# custom:
#   id: not-entitled-to-store
#   remediation: Use a token with the role tenant_developer or service of this tenant and environment.
#   severity: high
#   mode: enforce
deny contains reason if {
	not allow
	message := sprintf("%s may not store data in %s", [access.who, facts.place])
	reason := reasons.of(rego.metadata.rule(), message, access.shown)
}

# METADATA
# title: The data would leave its region
# description: Data that must stay in a region is stored in that region only.
# custom:
#   id: data-leaves-region
#   remediation: Store it with an instance of that region.
#   severity: critical
#   mode: enforce
deny contains reason if {
	input.data.region != facts.region
	message := sprintf("the data must stay in %s, and %s keeps its data in %s", [input.data.region, input.subject.name, facts.region])
	reason := reasons.of(rego.metadata.rule(), message, {"instance": input.subject.name, "dataRegion": input.data.region, "region": facts.region, "where": facts.place})
}

# METADATA
# title: Nobody knows in which region the instance keeps its data
# description: Data that must stay in a region is stored only where the region is known.
# custom:
#   id: instance-region-unknown
#   remediation: Set region in the instance's configuration, or store the data with an instance whose region is known.
#   severity: critical
#   mode: enforce
deny contains reason if {
	region := input.data.region
	not facts.region
	message := sprintf("the data must stay in %s, and the configuration of %s names no region", [region, input.subject.name])
	reason := reasons.of(rego.metadata.rule(), message, {"instance": input.subject.name, "dataRegion": region, "where": facts.place})
}

# METADATA
# title: Nobody said where the data must stay
# description: Where a tenant has regions, its data should say which of them it belongs to. The instance's region is checked in any case.
# custom:
#   id: data-region-unknown
#   remediation: Tag the data with its region.
#   severity: low
#   mode: warn
deny contains reason if {
	regions := facts.regions
	not input.data.region
	region := facts.region
	message := sprintf("nobody said where the data must stay, so only this is known: %s keeps it in %s", [input.subject.name, region])
	reason := reasons.of(rego.metadata.rule(), message, {"instance": input.subject.name, "region": region, "regions": regions, "where": facts.place})
}

# METADATA
# scope: document
# title: All refusals
# description: Those of this file, those that other entry points share, and those of the profile.
deny contains reason if some reason in place.deny

deny contains reason if some reason in question.deny

deny contains reason if some reason in profile.deny

deny contains reason if some reason in residency.deny

# METADATA
# title: The refusals of the profile
# description: What the profile refuses beyond that.
deny contains reason if some reason in data.maestro.profiles[facts.profile].data.residency.deny

# METADATA
# title: The approvals of the profile
# description: What waits for a second person in this profile beyond that.
require_approval contains reason if some reason in data.maestro.profiles[facts.profile].data.residency.require_approval
