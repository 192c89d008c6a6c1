# METADATA
# title: What holds whenever an instance is put to work
# description: The rules about the place, question, profile, publishers, risks, types and regions together.
package maestro.rules.lifecycle

import data.maestro.rules.place
import data.maestro.rules.profile
import data.maestro.rules.publishers
import data.maestro.rules.question
import data.maestro.rules.residency
import data.maestro.rules.risk
import data.maestro.rules.types

# METADATA
# scope: document
# title: All of these rules
# description: The reasons of each of them.
deny contains reason if some reason in place.deny

deny contains reason if some reason in question.deny

deny contains reason if some reason in profile.deny

deny contains reason if some reason in publishers.deny

deny contains reason if some reason in risk.deny

deny contains reason if some reason in types.deny

deny contains reason if some reason in residency.deny
