# METADATA
# title: Rules about residency
# description: Data stays in the regions of its tenant.
package maestro.rules.residency

import data.maestro.facts
import data.maestro.reasons

# METADATA
# title: The region is not one of the tenant's
# description: An instance keeps data only in a region that the tenant has in its settings.
# custom:
#   id: region-not-allowed
#   remediation: Configure the instance with one of the tenant's regions, or ask a platform admin to add this one to regions.
#   severity: high
#   mode: enforce
deny contains reason if {
	regions := facts.regions
	not facts.region in regions
	region := facts.region
	message := sprintf("%s keeps its data in %s, and the data of %s stays in %s", [input.subject.name, region, facts.owner, concat(", ", regions)])
	reason := reasons.of(rego.metadata.rule(), message, {"instance": input.subject.name, "region": region, "regions": regions, "where": facts.owner})
}

# METADATA
# title: Nobody knows in which region the data would be
# description: Where a tenant has regions, an instance that stores data must say its region, or keep it on a node whose region is known.
# custom:
#   id: region-unknown
#   remediation: Set region in the instance's configuration; for an adapter that keeps files on the node, set region in the installation's policy settings.
#   severity: high
#   mode: enforce
deny contains reason if {
	regions := facts.regions
	input.adapter.type == "storage"
	not facts.region
	message := sprintf("the configuration of %s names no region, and the data of %s stays in %s", [input.subject.name, facts.owner, concat(", ", regions)])
	reason := reasons.of(rego.metadata.rule(), message, {"instance": input.subject.name, "adapter": facts.adapter, "regions": regions, "where": facts.owner})
}
