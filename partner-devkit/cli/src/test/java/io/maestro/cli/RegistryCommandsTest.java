package io.maestro.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.cli.Shell.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Questions to the registry, members, and how a tenant leaves. */
final class RegistryCommandsTest {
    @TempDir
    private Path home;

    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private Run run(String command) {
        return new Shell(home).at(server).run(command.split(" ", -1));
    }

    @ParameterizedTest
    @CsvSource({
        "adapter list --type storage --risk low --owner me --newest --pre-releases --sort -createdAt,"
                + " /api/adapters?type=storage&risk=low&owner=me&newest=true&preReleases=true&sort=-createdAt&limit=500",
        "adapter outdated, /api/adapters/outdated?limit=500",
        "adapter outdated --pre-releases, /api/adapters/outdated?preReleases=true&limit=500",
        "adapter instances echo@1.0.0, /api/adapters/echo/1.0.0/instances?limit=500",
        "adapter types, /api/adapter-types",
        "tenant adapters acme --type storage, /api/tenants/acme/adapters?type=storage&limit=500",
        "tenant instances acme -e dev --observed failed,"
                + " /api/tenants/acme/instances?observed=failed&environment=dev&limit=500",
        "tenant upgrades acme --pre-releases, /api/tenants/acme/upgrades?preReleases=true&limit=500",
        "instance list -t acme -e dev --adapter echo --sort updatedAt,"
                + " /api/tenants/acme/environments/dev/instances?adapter=echo&sort=updatedAt&limit=500",
        "instance dependents -t acme -e dev main, /api/tenants/acme/environments/dev/instances/main/dependents",
        "tenant health acme -e prod, /api/tenants/acme/health?environment=prod&limit=500",
        "alert list, /api/alerts?limit=500",
        "alert list -t acme, /api/tenants/acme/alerts?limit=500",
        "alert list -t acme -e dev -i main, /api/tenants/acme/alerts?environment=dev&instance=main&limit=500",
        "alert rules, /api/alerts/rules",
        "configuration list, /api/configuration",
        "event list -t acme -e prod --type alert.raised --after 1-2,"
                + " /api/changes?tenant=acme&environment=prod&eventType=alert.raised&cursor=1-2&limit=500",
        "instance health -t acme -e dev main, /api/tenants/acme/environments/dev/instances/main/health",
        "instance calls -t acme -e dev main, /api/tenants/acme/environments/dev/instances/main/calls",
        "instance calls -t acme -e dev main --outcome failed,"
                + " /api/tenants/acme/environments/dev/instances/main/calls?outcome=failed",
        "member list -t acme, /api/tenants/acme/members?limit=500",
        "drift, /api/drift?limit=500",
        "drift -t acme, /api/tenants/acme/drift?limit=500",
        "leaks, /api/leaks",
        "leaks --adapter echo@1.0.0, /api/leaks?adapter=echo%401.0.0",
        "why -t acme -e dev main, /api/tenants/acme/environments/dev/instances/main/why",
        "instance why -t acme -e dev main, /api/tenants/acme/environments/dev/instances/main/why",
        "tenant get acme, /api/tenants/acme",
        "member get -t acme oidc:a/b#c, /api/tenants/acme/members/oidc%3Aa%2Fb%23c"
    })
    void asksTheServerToFilterAndSort(String command, String path) {
        server.on("GET " + path, 200, "{\"items\":[],\"next\":null}");

        Run run = run(command);

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(server.last().line()).isEqualTo("GET " + path);
    }

    @Test
    void saysWhyAnInstanceDoesNotRunAndWhatToDo() {
        server.on("GET /api/tenants/acme/environments/dev/instances/main/why", 200, """
                {"instance":"main","wanted":"running","observed":"failed","causes":[{"code":"package-missing",
                 "sentence":"nobody offers the package com.example","evidence":{"package":"com.example"},
                 "remedy":{"description":"Stops the instance.","method":"POST","path":"/x",
                 "cli":"maestro instance stop -t acme -e dev main"}}]}""");

        Run run = run("why -t acme -e dev main");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out()).isEqualTo("The instance main is wanted running and is failed.\n");
        assertThat(run.err().lines())
                .containsExactly(
                        "nobody offers the package com.example [package-missing]",
                        "  package: com.example",
                        "  To mend it: Stops the instance.",
                        "    maestro instance stop -t acme -e dev main");
    }

    @Test
    void namesWhatHoldsTheClassesOfAnAdapter() {
        server.on("GET /api/leaks", 200, """
                {"items":[{"adapter":"echo@1.0.0","state":"held","removedAt":"2026-11-20T22:00:00Z","holders":[
                 {"kind":"thread","name":"thread poll","way":"com.acme.Poll","rule":"ends-its-threads",
                  "ruleText":"An adapter ends its threads in close()."}]}],"next":null}""");

        Run run = run("leaks");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out())
                .contains(
                        "echo@1.0.0", "held", "thread poll: com.acme.Poll", "An adapter ends its threads in close().");
    }

    @Test
    void showsWhereNodesDrift() {
        server.on("GET /api/drift?limit=500", 200, """
                {"items":[{"node":"node-2","tenant":"acme","environment":"dev","instance":"files","wanted":"running",
                 "kind":"unknown","ageSeconds":75}],"next":null}""");

        Run run = run("drift");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out()).contains("node-2", "unknown", "75");
    }

    @ParameterizedTest
    @CsvSource({
        "adapter list --type Storage",
        "alert list -i main",
        "tenant instances acme -e ../x",
        "member list -t ../x",
        "tenant get A"
    })
    void refusesNamesThatReachAnotherPath(String command) {
        assertThat(run(command).exit()).isEqualTo(2);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void anInstanceThatFailsEndsWithOne() {
        server.on("GET /api/tenants/acme/environments/dev/instances/main/health", 200, """
                {"instance":"main","state":"failing","reason":"no answer",
                 "windows":[{"requests":1},{"requests":30,"errors":20,"p99":12.5},{"requests":60}],
                 "breaker":{"state":"open","since":"2026-01-02T03:04:05Z"}}""");

        Run run = run("instance health -t acme -e dev main");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out()).contains("failing", "no answer", "30", "12.5", "open");
    }

    @Test
    void showsHowTheLastCallsWent() {
        server.on("GET /api/tenants/acme/environments/dev/instances/main/calls", 200, """
                {"items":[{"at":"2026-11-20T22:00:00Z","operation":"put_object","caller":"token:t","correlationId":"c-7",
                 "try":2,"outcome":"late","milliseconds":30000.5,"problem":"call-deadline-exceeded"}],"next":null}""");

        Run run = run("instance calls -t acme -e dev main");

        assertThat(run.exit()).isZero();
        assertThat(run.out()).contains("put_object", "token:t", "late", "30000.5", "call-deadline-exceeded", "c-7");
    }

    @Test
    void listsEventsPageByPage() {
        server.on(
                "GET /api/changes?limit=500",
                200,
                "{\"items\":[{\"type\":\"act.done\",\"action\":\"tenant.create\"}],\"cursor\":\"1-1\",\"more\":true}");
        server.on("GET /api/changes?cursor=1-1&limit=500", 200, "{\"items\":[],\"cursor\":\"2-2\",\"more\":false}");

        assertThat(run("event list --json").out())
                .isEqualTo("{\"items\":[{\"type\":\"act.done\",\"action\":\"tenant.create\"}],"
                        + "\"cursor\":\"2-2\",\"more\":false}\n");
        assertThat(run("event list").out()).contains("act.done", "tenant.create");
    }

    @Test
    void endsABuildWhoseRequirementsAreNotMet() throws IOException {
        Path file = Files.writeString(
                home.resolve("needs.json"),
                "{\"requirements\":[{\"type\":\"storage\",\"adapter\":\"echo\"},{\"type\":\"storage\"}]}");
        String check = "requirements check -t acme -e dev " + file;
        server.on("POST /api/tenants/acme/environments/dev/requirements:validate", 200, """
                {"satisfied":false,"findings":[
                  {"satisfied":true,"instance":"main","adapter":"echo@1.0.0","problem":null},
                  {"satisfied":false,"instance":null,"adapter":null,
                   "problem":{"code":"requirement-instance-missing","fix":"Create it."}}]}""");

        Run missed = run(check);
        assertThat(missed.exit()).isEqualTo(1);
        assertThat(missed.out()).contains("echo@1.0.0", "satisfied", "requirement-instance-missing", "Create it.");
        assertThat(server.last().body()).isEqualTo(Files.readString(file));

        server.on(
                "POST /api/tenants/acme/environments/dev/requirements:validate",
                200,
                "{\"satisfied\":true,\"findings\":[]}");
        assertThat(run(check).exit()).isZero();
        assertThat(run(check + " --json").out()).isEqualTo("{\"satisfied\":true,\"findings\":[]}\n");
        assertThat(run("requirements check -t acme -e dev /no/such/file").exit())
                .isEqualTo(2);
    }

    @Test
    void changesAMemberOnlyAsItWasSeen() {
        server.on("PUT /api/tenants/acme/members/token%3A1", 200, "{\"principal\":\"token:1\"}");

        assertThat(run("member put -t acme -r auditor -r service -e dev --if-match 3 token:1")
                        .exit())
                .isZero();
        assertThat(server.last().header("If-Match")).isEqualTo("\"3\"");
        assertThat(server.last().body()).isEqualTo("{\"roles\":[\"auditor\",\"service\"],\"environment\":\"dev\"}");
        run("member put -t acme -r auditor --if-absent token:1");
        assertThat(server.last().header("If-None-Match")).isEqualTo("*");
        assertThat(run("member put -t acme -r auditor --if-absent --if-match 1 token:1")
                        .exit())
                .isEqualTo(2);
    }

    @Test
    void onlyPlansUnlessTheNameIsTypedAgain() {
        String plan = "{\"tenant\":\"acme\",\"stage\":\"planned\",\"parts\":"
                + "[{\"name\":\"adapters\",\"done\":false,\"holdings\":{\"instances\":2}}]}";
        server.on("POST /api/tenants/acme/offboard?dryRun=true", 200, plan);
        Run planned = run("tenant offboard acme");
        assertThat(planned.out()).contains("adapters", "{\"instances\":2}");
        assertThat(planned.err()).contains("nothing has happened");

        server.on("POST /api/tenants/acme/offboard", 200, "{\"tenant\":\"acme\",\"stage\":\"finished\",\"parts\":[]}");
        assertThat(run("tenant offboard acme --confirm acme").err()).contains("Nothing is left of acme.");
        assertThat(server.last().body()).isEqualTo("{\"confirm\":\"acme\"}");
    }

    @Test
    void renamesAndDeletes() {
        server.on("PATCH /api/tenants/acme", 200, "{\"id\":\"acme\"}");
        server.on("DELETE /api/tenants/acme/environments/qa", 204, "");
        server.on("DELETE /api/tenants/acme/members/token%3A1", 204, "");

        assertThat(run("tenant rename acme --if-match 2 Other").exit()).isZero();
        assertThat(server.last().header("If-Match")).isEqualTo("\"2\"");
        assertThat(server.last().body()).isEqualTo("{\"displayName\":\"Other\"}");
        assertThat(run("environment delete -t acme qa").exit()).isZero();
        assertThat(run("member remove -t acme token:1").exit()).isZero();
    }
}
