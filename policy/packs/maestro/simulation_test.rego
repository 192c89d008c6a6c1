# METADATA
# title: Simulation
# description: Answers whole questions as the server does, for the suites of the profiles.
package maestro.simulation_test

import data.maestro.fixtures_test as f

# the answer in one word, and the ids of the reasons that a person gets to see
answer(question, settings) := [verdict(document), ids(document)] if {
	document := documents(split(question.entryPoint, "/")) with input as question with data.settings as settings
}

# each by its name: a variable would reach the tests beside the entry points, and those reach the suites
documents(["adapter", "submit"]) := data.maestro.adapter.submit

documents(["adapter", "install"]) := data.maestro.adapter.install

documents(["adapter", "configure"]) := data.maestro.adapter.configure

documents(["adapter", "upgrade"]) := data.maestro.adapter.upgrade

documents(["adapter", "rollback"]) := data.maestro.adapter.rollback

documents(["adapter", "start"]) := data.maestro.adapter.start

documents(["adapter", "stop"]) := data.maestro.adapter.stop

documents(["adapter", "uninstall"]) := data.maestro.adapter.uninstall

documents(["adapter", "call"]) := data.maestro.adapter.call

documents(["secret", "read"]) := data.maestro.secret.read

documents(["tenant", "allow"]) := data.maestro.tenant.allow

documents(["data", "residency"]) := data.maestro.data.residency

documents(["approval", "decide"]) := data.maestro.approval.decide

documents(["act"]) := data.maestro.act

verdict(document) := "deny" if not document.allow
else := "deny" if {
	some reason in document.deny
	reason.mode == "enforce"
} else := "approval" if {
	some reason in document.require_approval
	reason.mode == "enforce"
} else := "allow"

ids(document) := f.ids(document.deny) | f.ids(object.get(document, "require_approval", set()))

# whether a question is answered so
gives(question, settings, outcome, rules) if answer(question, settings) == [outcome, rules]
