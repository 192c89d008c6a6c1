package io.maestro.rego;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.rego.error.Location;
import io.maestro.rego.error.RegoException;
import io.maestro.rego.limit.Budget;
import io.maestro.rego.value.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever text is given, the answer is a policy or an error with its place. */
class RobustnessTest {
    private static final int ROUNDS = Integer.getInteger("rego.rounds", 20_000);
    private static final Budget SMALL = new Budget(20_000, 20_000, 500, Duration.ofSeconds(5));
    private static final List<String> WORDS = List.of(
            "package",
            "import",
            "default",
            "if",
            "else",
            "contains",
            "some",
            "every",
            "in",
            "not",
            "with",
            "as",
            "true",
            "false",
            "null",
            "set()",
            "x",
            "y",
            "p",
            "data",
            "input",
            "_",
            "data.p",
            "count(",
            "walk(",
            "sprintf(",
            "f(",
            ":=",
            "=",
            "==",
            "!=",
            "<",
            "<=",
            ">",
            ">=",
            "+",
            "-",
            "*",
            "/",
            "%",
            "&",
            "|",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            ",",
            ";",
            ":",
            ".",
            "\n",
            "\n\n",
            "1",
            "0.5",
            "1e3",
            "-1",
            "\"a\"",
            "`b`",
            "$\"{x}\"",
            "$\"",
            "# c\n",
            "# METADATA\n# title: t\n",
            "\"",
            "\\",
            "é",
            "\uD83D\uDE00",
            "\t");

    private static final String POLICY = """
            package p

            import data.base.users as users

            default allow := false

            # METADATA
            # title: who may
            allow if {
                some user in users
                user.name == input.user
                not denied[user.name]
                every role in user.roles { role in {"reader", "writer"} }
            }

            denied contains name if {
                some name, reasons in data.blocked
                count([r | r := reasons[_]; startswith(r, "x")]) > 0
            }

            size(x) := "large" if x > 100 else := "small" if x > 10 else := "none"

            grades[name] := {"grade": g, "text": $"{name} has {g}"} if {
                some user in users
                name := user.name
                g := object.get(user, ["marks", 0], -1) * 2
            }

            mocked := x if x := size(5) with size as other with input.user as "me"

            other(_) := {k: v | some k, v in {"a": [1, 2], "b": {3}}}

            deep.er[x] contains y if { x := numbers.range(1, 3)[_]; y = x % 2 }
            """;

    @Test
    void randomTokensNeverCrash() {
        Random random = new Random(20_260_101);
        int compiled = 0;
        for (int round = 0; round < ROUNDS; round++) {
            StringBuilder text = new StringBuilder(round % 4 == 0 ? "" : "package p\n");
            for (int i = random.nextInt(40); i > 0; i--) {
                text.append(WORDS.get(random.nextInt(WORDS.size())));
                text.append(random.nextInt(3) > 0 ? " " : "");
            }
            compiled += survives(text.toString()) ? 1 : 0;
        }
        assertThat(compiled).isPositive();
    }

    @Test
    void mutatedPoliciesNeverCrash() {
        Random random = new Random(7);
        int compiled = 0;
        for (int round = 0; round < ROUNDS; round++) {
            StringBuilder text = new StringBuilder(POLICY);
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                mutate(text, random);
            }
            compiled += survives(text.toString()) ? 1 : 0;
        }
        assertThat(compiled).isGreaterThan(ROUNDS / 50);
    }

    @Test
    void thePolicyThatIsMutatedIsGood() {
        Policy policy = Rego.compile(Map.of("p.rego", POLICY), Capabilities.standard());
        Question question = Question.at(Instant.EPOCH)
                .withInput(Json.read("{\"user\": \"ann\"}"))
                .withData((io.maestro.rego.value.ObjectValue) Json.read(
                        "{\"base\": {\"users\": [{\"name\": \"ann\", \"roles\": [\"reader\"], \"marks\": [4]}]}}"));

        assertThat(policy.evaluate(List.of("p"), question))
                .hasToString("{\"allow\": true, \"deep\": {\"er\": {1: {1}, 2: {0}, 3: {1}}}, \"denied\": set(), "
                        + "\"grades\": {\"ann\": {\"grade\": 8, \"text\": \"ann has 8\"}}, "
                        + "\"mocked\": {\"a\": [1, 2], \"b\": {3}}}");
    }

    private static void mutate(StringBuilder text, Random random) {
        int at = random.nextInt(text.length());
        int end = Math.min(text.length(), at + 1 + random.nextInt(6));
        switch (random.nextInt(4)) {
            case 0 -> text.delete(at, end);
            case 1 -> text.insert(at, WORDS.get(random.nextInt(WORDS.size())));
            case 2 -> {
                String moved = text.substring(at, end);
                text.delete(at, end);
                text.insert(random.nextInt(text.length()), moved);
            }
            default -> text.setCharAt(at, (char) (32 + random.nextInt(96)));
        }
    }

    /** Whether it compiled; that it is an error with a place otherwise is asserted. */
    private static boolean survives(String text) {
        Policy policy;
        try {
            policy = Rego.compile(Map.of("p.rego", text), Capabilities.standard());
        } catch (RegoException e) {
            assertThat(e.errors())
                    .as(text)
                    .isNotEmpty()
                    .allSatisfy(error -> assertThat(error.location()).isNotEqualTo(Location.NONE));
            return false;
        }
        try {
            policy.evaluate(
                    List.of("p"),
                    Question.at(Instant.EPOCH)
                            .withInput(Json.read("{\"user\": \"ann\"}"))
                            .withBudget(SMALL));
        } catch (RegoException e) {
            assertThat(e.errors()).as(text).isNotEmpty();
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError("crashed on:\n" + text, e);
        }
        return true;
    }
}
