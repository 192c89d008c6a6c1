package io.maestro.rego.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.rego.Capabilities;
import io.maestro.rego.Policy;
import io.maestro.rego.Question;
import io.maestro.rego.Rego;
import io.maestro.rego.value.BoolValue;
import io.maestro.rego.value.Json;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.StringValue;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExplainerTest {
    private static final List<String> ALLOW = List.of("p", "allow");
    private static final String POLICY = """
            package p

            default allow := false

            allow if count(denials) == 0

            denials contains "not an operator" if {
                input.act == "install"
                not is_operator
            }

            denials contains "needs approval" if {
                input.risk == "high"
                not input.approval.by
            }

            denials contains "approves their own" if input.approval.by == input.who.id

            denials contains "wrong region" if {
                some region in input.regions
                not region in data.regions
            }

            denials contains "too large" if input.size > 100

            denials contains "frozen" if input.frozen

            denials contains "wrong mode" if {
                mode := input.mode
                mode != "careful"
            }

            is_operator if "operator" in input.who.roles

            is_operator if input.who.root
            """;

    private final Policy policy = Rego.compile(Map.of("p.rego", POLICY), Capabilities.standard());

    private static Question question(String input) {
        return Question.at(Instant.EPOCH)
                .withData((ObjectValue) Json.read("{\"regions\": [\"ch\", \"de\"]}"))
                .withInput(Json.read(input));
    }

    private List<Change> changes(String input, String... fixed) {
        return Explainer.smallestChange(
                policy,
                ALLOW,
                question(input),
                new Explainer.Wanted(
                        BoolValue.TRUE::equals,
                        List.of(List.of("act"), List.of(fixed.length > 0 ? fixed[0] : "act")),
                        5_000));
    }

    @Test
    void aDenialNamesItsRuleAndWhatItRead() {
        Explanation explanation = Explainer.explain(
                policy,
                ALLOW,
                question(
                        "{\"act\": \"install\", \"risk\": \"high\", \"who\": {\"id\": \"ann\", \"roles\": [\"guest\"]}}"));

        assertThat(explanation.value()).isEqualTo(BoolValue.FALSE);
        Explanation.Fired approval = explanation.firedBy("data.p.denials", StringValue.of("needs approval"));
        assertThat(approval).isNotNull();
        assertThat(approval.at()).hasToString("p.rego:12:1");
        assertThat(approval.facts())
                .extracting(Fact::toString)
                .containsExactly("input.risk = \"high\"", "input.approval.by is undefined");
        Explanation.Fired operator = explanation.firedBy("data.p.denials", StringValue.of("not an operator"));
        assertThat(operator).isNotNull();
        assertThat(operator.facts())
                .extracting(Fact::toString)
                .containsExactly(
                        "input.act = \"install\"", "input.who.roles = [\"guest\"]", "input.who.root is undefined");
        assertThat(explanation.firedBy("data.p.denials", StringValue.of("frozen")))
                .isNull();
    }

    @Test
    void whatDidNotHoldNamesTheGoalThatFailed() {
        Explanation explanation = Explainer.explain(policy, ALLOW, question("{\"risk\": \"low\", \"frozen\": true}"));

        assertThat(explanation.missed())
                .filteredOn(missed -> missed.rule().equals("data.p.allow"))
                .extracting(missed -> missed.goal().toString())
                .containsExactly("p.rego:5:10");
        assertThat(explanation.fired())
                .extracting(Explanation.Fired::rule)
                .containsExactly("data.p.denials", "data.p.allow");
    }

    @Test
    void whatWithPutsInThePlaceOfTheInputIsNoFact() {
        Policy replaced = Rego.compile(
                Map.of(
                        "q.rego",
                        "package q\n\nx if y with input.a as 1\n\ny if {\n\tinput.a == 1\n\tinput.b == 2\n}\n"),
                Capabilities.standard());

        assertThat(Explainer.explain(replaced, List.of("q", "x"), question("{\"a\": 5, \"b\": 2}"))
                        .facts())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{'frozen': true}; input.frozen: true -> false",
                "{'size': 200}; input.size: 200 -> 100",
                "{'mode': 'quick'}; input.mode: \"quick\" -> \"careful\"",
                "{'act': 'install', 'who': {'id': 'ann', 'roles': []}}; " + "input.who.roles: [] -> [\"operator\"]",
                "{'risk': 'high'}; input.approval.by: undefined -> true",
                "{'regions': ['ch', 'fr']}; input.regions[1]: \"fr\" -> \"ch\"",
                "{'approval': {'by': 'ann'}, 'who': {'id': 'ann'}}; input.approval.by: \"ann\" -> undefined"
            })
    void oneChangeThatWouldAllowIsFound(String input, String change) {
        assertThat(changes(input.replace('\'', '"'), fixedFor(input)))
                .extracting(Change::toString)
                .containsExactly(change);
    }

    /** Nobody can change who they are; roles are given by others, which one case shows. */
    private static String fixedFor(String input) {
        return input.contains("roles") ? "act" : "who";
    }

    @Test
    void twoChangesAreFoundWhenOneIsNotEnough() {
        assertThat(changes("{\"frozen\": true, \"mode\": \"quick\"}", "who"))
                .extracting(Change::toString)
                .containsExactlyInAnyOrder("input.frozen: true -> false", "input.mode: \"quick\" -> \"careful\"");
    }

    @Test
    void nothingIsFoundWhereThreeChangesAreNeededOrNothingMayChange() {
        assertThat(changes("{\"frozen\": true, \"mode\": \"quick\", \"size\": 200}", "who"))
                .isEmpty();
        assertThat(changes("{\"frozen\": true}", "frozen")).isEmpty();
        assertThat(changes("{}")).as("allowed already").isEmpty();
    }

    @Test
    void theSearchEndsWithItsBudget() {
        assertThat(Explainer.smallestChange(
                        policy,
                        ALLOW,
                        question("{\"frozen\": true, \"mode\": \"quick\"}"),
                        new Explainer.Wanted(BoolValue.TRUE::equals, List.of(), 3)))
                .isEmpty();
    }
}
