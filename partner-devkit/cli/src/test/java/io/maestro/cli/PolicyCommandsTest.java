package io.maestro.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.maestro.cli.Shell.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Policies on this machine: no server is asked. */
final class PolicyCommandsTest {
    private static final String SHOP = """
            package maestro.shop

            default allow := false

            allow if {
            	input.role == "owner"
            }

            allow if {
            	input.role == "clerk"
            	input.amount < data.limits.clerk
            }
            """;

    private static final String TESTS = """
            package maestro.shop_test

            import data.maestro.shop

            test_clerk if {
            	print("asked for", 50)
            	shop.allow with input as {"role": "clerk", "amount": 50}
            }

            test_owner if shop.allow with input.role as "owner"

            todo_test_later := false
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void write() throws IOException {
        write("shop/shop.rego", SHOP);
        write("shop/shop_test.rego", TESTS);
        write("shop/limits/data.json", "{\"clerk\": 100}");
    }

    @Test
    void findsNothingWrongWithAGoodPolicy() {
        Run run = policy("check", path("shop"));

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo("2 files without an error.\n");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void saysAllThatIsWrongAndWhere() throws IOException {
        write("bad.rego", "package bad\n\nx := count(1, 2)\n\nz if {\n\tinput.a == y\n}\n");

        Run people = policy("check", path("shop"), path("bad.rego"));
        Run editor = policy("check", "--format", "json", path("bad.rego"));
        Run program = policy("check", "--json", path("bad.rego"));

        assertThat(people.exit()).isEqualTo(1);
        assertThat(people.out().lines())
                .hasSize(2)
                .anyMatch(line -> line.startsWith(path("bad.rego") + ":3:6: ") && line.endsWith("[rego_type_error]"))
                .anyMatch(line -> line.startsWith(path("bad.rego") + ":6:") && line.contains("var y is unsafe"));
        assertThat(people.err()).isEqualTo("2 errors in 3 files.\n");
        assertThat(editor.exit()).isEqualTo(1);
        assertThat(json(editor.out()).at("/errors/0/location/row").asInt()).isEqualTo(3);
        assertThat(program.out().lines()).hasSize(1);
        assertThat(json(program.out())).isEqualTo(json(editor.out()));
        assertThat(json(program.out()).path("valid").asBoolean(true)).isFalse();
    }

    @Test
    void saysOfEachFileThatIsNoRegoWhereItIsNot() throws IOException {
        write("a.rego", "package a\n\nx if {\n");
        write("b.rego", "package b\n\nx := := 1\n");

        assertThat(policy("check", path("a.rego"), path("b.rego")).out())
                .contains("a.rego:", "b.rego:3:", "[rego_parse_error]");
    }

    @Test
    void keepsAPackOfATenantToItsPackagesAndFunctions() throws IOException {
        write("acme.rego", "package tenants.acme.adapter.install\n\ndeny contains \"no\" if input.x == 1\n");
        write("time.rego", "package tenants.acme.time\n\nx := time.now_ns()\n");

        assertThat(policy("check", "-t", "acme", path("acme.rego")).exit()).isZero();
        assertThat(policy("check", path("time.rego")).exit()).isZero();
        Run outside = policy("check", "-t", "acme", path("shop/shop.rego"));
        Run changing = policy("check", "-t", "acme", path("time.rego"));

        assertThat(outside.exit()).isEqualTo(1);
        assertThat(outside.out()).contains("shop.rego:1:1: ", "below tenants.acme only");
        assertThat(changing.exit()).isEqualTo(1);
        assertThat(changing.out()).contains("time.rego:3:", "time.now_ns");
    }

    @Test
    void rewritesInTheUsualForm() throws IOException {
        write("odd.rego", "package odd\nx:=1\n");

        Run first = policy("fmt", path("odd.rego"), path("shop"));
        Run second = policy("fmt", path("odd.rego"), path("shop"));

        assertThat(first.exit()).isZero();
        assertThat(first.out()).isEqualTo(path("odd.rego") + "\n");
        assertThat(folder.resolve("odd.rego")).hasContent("package odd\n\nx := 1\n");
        assertThat(folder.resolve("shop/shop.rego")).hasContent(SHOP);
        assertThat(second.out()).isEmpty();
        assertThat(second.err()).isEqualTo("0 of 3 files changed.\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--check", "--diff"})
    void writesNothingWhenItIsOnlyAsked(String option) throws IOException {
        String odd = "package odd\n\nx := 1\ny:=2";
        write("odd.rego", odd);

        Run run = policy("fmt", option, path("odd.rego"));

        assertThat(run.exit()).isEqualTo(1);
        assertThat(folder.resolve("odd.rego")).hasContent(odd);
        assertThat(policy("fmt", option, path("shop")).exit()).isZero();
    }

    @Test
    void showsWhatWouldChangeAsPatchReadsIt() throws IOException {
        write("odd.rego", "package odd\n\nx := 1\ny:=2");

        assertThat(policy("fmt", "--diff", path("odd.rego")).out())
                .isEqualTo("--- FILE\n+++ FILE\n@@ -1,4 +1,4 @@\n package odd\n \n x := 1\n-y:=2\n"
                                .replace("FILE", path("odd.rego"))
                        + "\\ No newline at end of file\n+y := 2\n");
    }

    @Test
    void rewritesNothingWhenOneFileIsNoRego() throws IOException {
        write("odd.rego", "package odd\nx:=1\n");
        write("worse.rego", "package worse\nx := := 1\n");

        Run run = policy("fmt", path("odd.rego"), path("worse.rego"));

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("cli-policy-wrong", "worse.rego:2:");
        assertThat(folder.resolve("odd.rego")).hasContent("package odd\nx:=1\n");
    }

    @Test
    void formatsStandardInputForEditors() {
        Run run = new Shell(folder).typing("package odd\nx:=1\n").run("policy", "fmt", "-");

        assertThat(run.exit()).isZero();
        assertThat(run.out()).isEqualTo("package odd\n\nx := 1\n");
    }

    @Test
    void runsTests() {
        Run run = policy("test", path("shop"));

        assertThat(run.exit()).as(run.out() + run.err()).isZero();
        assertThat(run.out())
                .contains("SKIP   data.maestro.shop_test.todo_test_later")
                .endsWith("PASS: 2/2, 1 postponed\n");
        assertThat(policy("test", "-v", path("shop")).out())
                .contains("PASS   data.maestro.shop_test.test_clerk", "print asked for 50");
    }

    @Test
    void showsWhatAFailedTestDid() throws IOException {
        write("shop/more_test.rego", """
                package more_test

                test_guest if data.maestro.shop.allow with input.role as "guest"

                test_conflict if f(1)

                f(x) := 1 if x

                f(x) := 2 if x
                """);

        Run run = policy("test", path("shop"));
        JsonNode program = json(policy("test", "--json", path("shop")).out());

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out())
                .contains(
                        "FAIL   data.more_test.test_guest",
                        "eval " + path("shop/shop.rego") + ":6:2  | input.role == \"owner\"",
                        "ERROR  data.more_test.test_conflict",
                        "FAIL: 2/4, 1 postponed");
        assertThat(run.out().indexOf("held " + path("shop/shop.rego") + ":6:2")).isEqualTo(-1);
        assertThat(program.path("passed").asBoolean(true)).isFalse();
        assertThat(program.path("tests")).hasSize(5);
        assertThat(program.at("/tests/3/outcome").asText()).isEqualTo("broken");
    }

    @Test
    void runsTheTestsThatAreNamedOnly() {
        Run run = policy("test", "-v", "--run", "test_(ow|x)", path("shop"));

        assertThat(run.out())
                .contains("test_owner")
                .doesNotContain("test_clerk")
                .endsWith("PASS: 1/1\n");
        assertThat(policy("test", "--run", "nothing", path("shop")).exit()).isEqualTo(2);
        assertThat(policy("test", "--run", "(", path("shop")).err()).contains("no regular expression");
    }

    @Test
    void showsWhichLinesNoTestMadeHold() throws JsonProcessingException {
        Run run = policy("test", "--coverage", "--run", "owner", path("shop"));
        JsonNode program = json(policy("test", "--coverage", "--json", "--run", "owner", path("shop"))
                .out());

        assertThat(run.out()).containsPattern("40\\.0 %\\s+\\S+shop\\.rego\\s+9-11");
        assertThat(program.at("/coverage/percent").asDouble()).isEqualTo(40);
        assertThat(program.at("/coverage/files/0/missed")).hasSize(3);
    }

    @Test
    void answersAQueryFromPoliciesDataAndInput() throws IOException {
        String input = write("input.json", "{\"role\":\"clerk\",\"amount\":99}");

        assertThat(policy("eval", "-d", path("shop"), "-i", input, "data.maestro.shop.allow")
                        .out())
                .isEqualTo("true\n");
        Run typed = new Shell(folder)
                .typing("{\"role\":\"clerk\",\"amount\":100}")
                .run("policy", "eval", "-d", path("shop"), "-i", "-", "--entry-point", "shop");
        assertThat(typed.exit()).as(typed.err()).isZero();
        assertThat(json(typed.out())).isEqualTo(json("{\"allow\":false}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 + 1|{\"result\":[{\"value\":2}],\"printed\":[]}",
                "x := 1; y := x + 1|{\"result\":[{\"bindings\":{\"x\":1,\"y\":2}}],\"printed\":[]}",
                "some x in [1, 2]|{\"result\":[{\"bindings\":{\"x\":1}},{\"bindings\":{\"x\":2}}],\"printed\":[]}",
                "input.x == 1|{\"result\":[],\"printed\":[]}",
                "1 == 2|{\"result\":[{\"value\":false}],\"printed\":[]}",
                "{1, 2}|{\"result\":[{\"value\":[1,2]}],\"printed\":[]}",
                "1e400|{\"result\":[{\"value\":1e400}],\"printed\":[]}",
            })
    void answersWithValuesAndVariables(String query, String answer) throws JsonProcessingException {
        assertThat(json(policy("eval", "--json", query).out())).isEqualTo(json(answer));
    }

    @Test
    void failsWhenTheAnswerIsUndefinedOrAnError() throws IOException {
        write("twice.rego", "package twice\n\nx := 1 if input.a\n\nx := 2 if input.a\n");
        String input = write("input.json", "{\"a\":true}");

        Run undefined = policy("eval", "-d", path("twice.rego"), "data.twice.x");
        Run error = policy("eval", "-d", path("twice.rego"), "-i", input, "data.twice.x");

        assertThat(undefined.exit()).isEqualTo(1);
        assertThat(undefined.out()).isEqualTo("undefined\n");
        assertThat(error.exit()).isEqualTo(1);
        assertThat(error.err()).contains("cli-policy-unanswered", "twice.rego:");
    }

    @Test
    void showsEachStepAndItsCost() throws JsonProcessingException {
        List<String> asked = List.of("eval", "-d", path("shop"), "data.maestro.shop.allow", "--explain", "--profile");

        Run people = policy(asked.toArray(String[]::new));
        Run program = new Shell(folder)
                .run(
                        "policy",
                        "eval",
                        "-d",
                        path("shop"),
                        "data.maestro.shop.allow",
                        "--explain",
                        "--profile",
                        "--json");

        assertThat(people.out()).startsWith("false\n").contains("MICROSECONDS", "shop.rego:6:2");
        assertThat(people.err()).contains("rule data.maestro.shop.allow", "shop.rego:6:2  | input.role == \"owner\"");
        assertThat(json(program.out()).path("trace")).isNotEmpty();
        assertThat(json(program.out()).at("/profile/0/times").asInt()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "check nowhere",
                "check empty",
                "fmt empty",
                "test empty",
                "eval",
                "eval 1 --entry-point a/b",
                "eval --entry-point a/]b",
                "eval 1+",
                "eval -d odd.txt 1",
                "eval -d broken.json 1",
                "eval -d list.json 1",
                "eval -d one.json -d two.json 1",
                "eval -i broken.json 1",
                "eval -i nowhere.json 1",
            })
    void refusesWhatItCannotWorkWith(String command) throws IOException {
        Files.createDirectory(folder.resolve("empty"));
        write("odd.txt", "odd");
        write("broken.json", "{");
        write("list.json", "[1]");
        write("one.json", "{\"a\":{\"b\":1}}");
        write("two.json", "{\"a\":{\"b\":2}}");

        String[] arguments = List.of(command.split(" ", -1)).stream()
                .map(word -> word.endsWith(".json") || word.endsWith(".txt") || word.matches("nowhere|empty")
                        ? path(word)
                        : word)
                .toArray(String[]::new);
        Run run = policy(arguments);

        assertThat(run.exit()).as(run.out() + run.err()).isEqualTo(2);
        assertThat(run.err()).contains("To mend it:");
    }

    @Test
    void leavesHiddenFoldersAlone() throws IOException {
        write("shop/.git/x.rego", "no rego");

        assertThat(policy("check", path("shop")).exit()).isZero();
    }

    @Test
    void otherCommandsDoNotLoadThePolicyEngine() throws Exception {
        try (EngineWatch watch = EngineWatch.overThisClassPath()) {
            assertThat(watch.run("policy", "--help")).isZero();
            assertThat(watch.loaded()).isEmpty();
            assertThat(watch.run("policy", "eval", "1")).isZero();
            assertThat(watch.loaded()).isNotEmpty();
        }
    }

    private Run policy(String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "policy";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return new Shell(folder).run(all);
    }

    private String write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text).toString();
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    private static JsonNode json(String text) throws JsonProcessingException {
        return new JsonMapper().readTree(text);
    }
}
