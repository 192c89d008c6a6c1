package maestro.data.residency_test

import data.maestro.data.residency
import data.maestro.fixtures_test as f

data_in(region) := object.union(f.residency, {"data": {"region": region}})

without_region := object.union(object.remove(f.residency, ["configuration"]), {"configuration": {"bucket": "acme-files"}})

# an adapter that knows no regions
declared(region) := object.union(without_region, {"data": {"declaredRegion": region}})

of_unknown_region := object.union(object.remove(f.residency, ["data"]), {"data": {"kind": "evidence"}})

europe := f.tenant({"regions": ["eu-central-1"]})

test_same_region if {
	residency.allow with input as f.residency
	f.ids(residency.deny) == set() with input as f.residency with data.settings as europe
}

test_other_region if f.ids(residency.deny) == {"data-leaves-region"} with input as data_in("eu-west-1")

test_region_of_the_instance_unknown if {
	f.ids(residency.deny) == {"instance-region-unknown"} with input as without_region
	f.ids(residency.deny) == {"instance-region-unknown", "region-unknown"} with input as without_region with data.settings as europe
}

test_region_that_the_route_declares if {
	f.ids(residency.deny) == set() with input as declared("eu-central-1") with data.settings as europe
	f.ids(residency.deny) == {"data-leaves-region"} with input as declared("eu-west-1")
	f.ids(residency.deny) == {"region-not-allowed"} with input as declared("eu-central-1") with data.settings as f.tenant({"regions": ["us-east-1"]})
}

test_region_of_the_data_unknown if {
	f.ids(residency.deny) == {"data-region-unknown"} with input as of_unknown_region with data.settings as europe
	{reason.mode | some reason in residency.deny} == {"warn"} with input as of_unknown_region with data.settings as europe
	f.ids(residency.deny) == set() with input as of_unknown_region with data.settings as {}
}

test_region_of_the_tenant if {
	f.ids(residency.deny) == {"region-not-allowed"} with input as f.residency with data.settings as f.tenant({"regions": ["us-east-1"]})
}

test_who_may_not if {
	f.ids(residency.deny) == {"not-entitled-to-store"} with input as f.by(f.residency, f.stranger)
}

test_silence_is_not_consent if {
	"adapter-not-described" in f.ids(residency.deny) with input as object.remove(f.residency, ["adapter"])
}

test_a_profile_has_a_say if {
	minding := {"strict": {"defaults": {"max_risk": "high"}, "data": {"residency": {"deny": {{"rule": "no", "mode": "enforce"}}, "require_approval": {{"rule": "two", "mode": "enforce"}}}}}}
	f.ids(residency.deny) == {"no"} with input as f.residency with data.settings as {"platform": {"profile": "strict"}} with data.maestro.profiles as minding
	f.ids(residency.require_approval) == {"two"} with input as f.residency with data.settings as {"platform": {"profile": "strict"}} with data.maestro.profiles as minding
}
