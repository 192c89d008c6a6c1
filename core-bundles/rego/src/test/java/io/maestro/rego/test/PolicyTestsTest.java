package io.maestro.rego.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.maestro.rego.Capabilities;
import io.maestro.rego.Policy;
import io.maestro.rego.Question;
import io.maestro.rego.Rego;
import io.maestro.rego.limit.Budget;
import io.maestro.rego.test.TestReport.Outcome;
import io.maestro.rego.test.TestReport.Result;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PolicyTestsTest {
    private static final String POLICY = """
            package shop

            allow if {
                input.role == "owner"
            }

            allow if {
                input.role == "clerk"
                input.amount < 100
            }

            never := 1 if input.impossible
            """;

    private static final String TESTS = """
            package shop_test

            import data.shop

            test_owner if shop.allow with input.role as "owner"

            test_clerk if {
                print("asked for", 50)
                shop.allow with input as {"role": "clerk", "amount": 50}
            }

            test_wrong if shop.allow with input.role as "guest"

            test_false := false

            test_endless if count(numbers.range(1, 100000000)) > 0

            todo_test_later if false

            helper_test_not_a_test := false
            """;

    private final Policy policy =
            Rego.compile(Map.of("shop.rego", POLICY, "shop_test.rego", TESTS), Capabilities.standard());
    private final TestReport report =
            PolicyTests.run(policy, Question.at(Instant.EPOCH).withBudget(Budget.STANDARD.withCells(10_000)));

    @Test
    void tellsHowEachTestEnded() {
        assertThat(report.results())
                .extracting(Result::name, Result::outcome)
                .containsExactly(
                        tuple("data.shop_test.test_clerk", Outcome.PASSED),
                        tuple("data.shop_test.test_endless", Outcome.BROKEN),
                        tuple("data.shop_test.test_false", Outcome.FAILED),
                        tuple("data.shop_test.test_owner", Outcome.PASSED),
                        tuple("data.shop_test.test_wrong", Outcome.FAILED),
                        tuple("data.shop_test.todo_test_later", Outcome.SKIPPED));
        assertThat(report.passed()).isFalse();
        assertThat(report.count(Outcome.PASSED)).isEqualTo(2);
    }

    @Test
    void saysWhyATestIsBroken() {
        assertThat(result("test_endless").error()).contains("eval_limit_error");
    }

    @Test
    void keepsWhatATestPrints() {
        assertThat(result("test_clerk").printed()).containsExactly("asked for 50");
    }

    @Test
    void tracesWhatATestDidThatFailed() {
        assertThat(result("test_owner").trace()).isEmpty();
        assertThat(result("test_wrong").trace())
                .contains("  eval shop.rego:4:5", "rule data.shop.allow shop.rego:7:1")
                .doesNotContain("  held shop.rego:4:5");
    }

    @Test
    void countsTheRowsThatWereCovered() {
        TestReport.Coverage coverage = report.coverage().get("shop.rego");

        assertThat(coverage).isNotNull();
        assertThat(coverage.covered()).containsExactly(3, 4, 7, 8, 9);
        assertThat(coverage.missed()).containsExactly(12);
        assertThat(report.percent()).isBetween(83.0, 84.0);
    }

    @Test
    void tellsWhatWasEvaluatedHowOften() {
        assertThat(report.profile())
                .anySatisfy(cost -> {
                    assertThat(cost.at()).hasToString("shop.rego:4:5");
                    assertThat(cost.times()).isEqualTo(3);
                })
                .isSortedAccordingTo((one, other) -> Long.compare(other.nanos(), one.nanos()));
    }

    private Result result(String name) {
        List<Result> found = report.results().stream()
                .filter(result -> result.name().equals("data.shop_test." + name))
                .toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }
}
