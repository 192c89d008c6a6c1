package io.maestro.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.maestro.cli.Shell.Run;
import io.maestro.rego.bundle.Bundle;
import io.maestro.rego.bundle.BundleReader;
import io.maestro.rego.bundle.Limits;
import io.maestro.rego.bundle.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The policies of a server, what they decided, and second persons. */
final class GovernanceTest {
    private static final String ID = "0190a0b0-0000-7000-8000-000000000001";
    private static final String PACK = """
            {"name":"house","builtIn":false,"active":{"revision":"7","digest":"sha256:ab","key":"k1","tests":12,
             "uploadedAt":"2026-11-26T10:00:00Z","uploadedBy":"token:1"},
             "revisions":[{"revision":"6","digest":"sha256:cd","uploadedAt":"2026-11-25T10:00:00Z","uploadedBy":"token:2"}],
             "lastRefused":{"at":"2026-11-26T11:00:00Z","by":"token:1",
              "problem":{"title":"The policy pack is refused","code":"policy-pack-refused","detail":"revision 5 is older"}}}""";
    private static final String REASON = """
            {"kind":"deny","rule":"R-ADAPTER-03","title":"t","message":"The risk is high.","facts":{"/adapter/risk":"high"},
             "remediation":"Use another adapter.","severity":"high","mode":"enforce","pack":"house"}""";
    private static final String EXPLANATION = """
            {"decision":{"decision_id":"%s","timestamp":"2026-11-26T10:00:00Z","path":"maestro/adapter/install",
             "action":"instance.create","requested_by":"token:1","result":{"allow":false,"outcome":"deny","reasons":[]},
             "input":{"a":1}},
             "rules":[{"reason":%s,"file":"house/install.rego","row":12,"read":{"/adapter/risk":"high"}}],
             "smallestChange":{"/adapter/risk":"low"}}""".formatted(ID, REASON);
    private static final String REQUEST = """
            {"id":"%s","state":"pending","tenant":"acme","action":"instance.create","subject":"files",
             "requestedBy":"token:1","reasons":[%s]}""".formatted(ID, REASON);

    @TempDir
    private Path folder;

    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void pushesABundleUnderTheNameOfItsFile() throws IOException {
        Path bundle = Files.writeString(folder.resolve("house.tar.gz"), "bytes");
        server.on("PUT /api/policy/packs/house", 200, PACK).on("PUT /api/tenants/acme/policy-packs/own", 200, PACK);

        Run run = shell().run("policy", "push", bundle.toString());

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("Revision", "7", "k1");
        assertThat(server.last().body()).isEqualTo("bytes");
        assertThat(server.last().header("Content-Type")).isEqualTo("application/gzip");
        assertThat(shell().run("policy", "push", "-t", "acme", "--name", "own", bundle.toString())
                        .exit())
                .isZero();
    }

    @Test
    void exitsWithFiveWhenTheBundleIsRefused() throws IOException {
        Path bundle = Files.writeString(folder.resolve("house.tar.gz"), "bytes");
        server.refusing("PUT /api/policy/packs/house", 400, "policy-pack-refused");

        assertThat(shell().run("policy", "push", bundle.toString()).exit()).isEqualTo(5);
        server.refusing("PUT /api/policy/packs/house", 403, "forbidden");
        assertThat(shell().run("policy", "push", bundle.toString()).exit()).isEqualTo(4);
        assertThat(shell().run("policy", "push", "--name", "../x", bundle.toString())
                        .exit())
                .isEqualTo(2);
    }

    @Test
    void goesBackToAnOlderRevision() {
        server.on("POST /api/policy/packs/house/rollback", 200, PACK);

        assertThat(shell().run("policy", "rollback", "house").exit()).isZero();
        assertThat(server.last().body()).isEqualTo("{}");
        assertThat(shell().run("policy", "rollback", "house", "--revision", "6").exit())
                .isZero();
        assertThat(server.last().body()).isEqualTo("{\"revision\":\"6\"}");
    }

    @Test
    void showsAPackWithWhatItWasRefusedFor() throws JsonProcessingException {
        server.on("GET /api/policy/packs/house", 200, PACK);

        Run people = shell().run("policy", "show", "house");

        assertThat(people.out()).contains("house", "sha256:cd", "2026-11-26T10:00:00Z", "token:2");
        assertThat(people.err()).contains("revision 5 is older");
        Run program = shell().run("policy", "show", "house", "--json");
        assertThat(json(program.out())).isEqualTo(json(PACK));
        assertThat(program.err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "policy list, GET /api/policy/packs",
        "policy list -t acme, GET /api/tenants/acme/policy-packs",
        "policy decisions, GET /api/policy/decisions?limit=500",
        "policy decisions -t acme --entry-point adapter/install --outcome deny --rule R-1 --actor token:1 --execution c1, "
                + "GET /api/tenants/acme/policy/decisions?path=adapter%2Finstall&outcome=deny&rule=R-1"
                + "&actor=token%3A1&correlationId=c1&limit=500",
        "approval list, GET /api/approvals?limit=500",
        "approval list --state pending, GET /api/approvals?state=pending&limit=500",
    })
    void lists(String command, String line) {
        server.on(line, 200, "{\"items\":[],\"next\":null}");

        Run run = shell().run(command.split(" ", -1));

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo("none\n");
    }

    @Test
    void explainsADecisionSoThatItCanBeMended() {
        server.on("GET /api/policy/explain?decisionId=" + ID, 200, "{\"items\":[" + EXPLANATION + "]}")
                .on("GET /api/policy/explain?executionId=corr-1", 200, "{\"items\":[" + EXPLANATION + "]}");

        for (Run run : new Run[] {
            shell().run("policy", "explain", ID), shell().run("policy", "explain", "--execution", "corr-1")
        }) {
            assertThat(run.exit()).as(run.err()).isZero();
            assertThat(run.out())
                    .contains(
                            "Outcome      deny",
                            "R-ADAPTER-03 (high, enforce): The risk is high.",
                            "at house/install.rego:12",
                            "read /adapter/risk = high",
                            "To mend it: Use another adapter.",
                            "It would be allowed with {\"/adapter/risk\":\"low\"}");
        }
    }

    @Test
    void approvesAndRejectsWithAReason() {
        server.on("POST /api/approvals/" + ID + "/approve", 200, REQUEST.replace("pending", "approved"))
                .on("POST /api/approvals/" + ID + "/reject", 200, REQUEST.replace("pending", "rejected"));

        Run approved = shell().run("approval", "approve", ID, "--reason", "Seen and good.");

        assertThat(approved.exit()).as(approved.err()).isZero();
        assertThat(approved.out()).contains("approved", "R-ADAPTER-03");
        assertThat(server.last().body()).isEqualTo("{\"reason\":\"Seen and good.\"}");
        assertThat(shell().run("approval", "reject", ID, "--reason", "No.").out())
                .contains("rejected");
        assertThat(shell().run("approval", "approve", ID, "--reason", " ").exit())
                .isEqualTo(2);
        assertThat(shell().run("approval", "approve", ID).exit()).isEqualTo(2);
    }

    @Test
    void namesTheApprovalOfASecondPersonWithTheAct() {
        server.on("POST /api/tenants", 201, "{\"id\":\"acme\"}");

        shell().run("tenant", "create", "acme");
        assertThat(server.last().header("Maestro-Approval")).isNull();
        assertThat(shell().run("tenant", "create", "acme", "--approval", ID).exit())
                .isZero();
        assertThat(server.last().header("Maestro-Approval")).isEqualTo(ID);
        assertThat(shell().run("tenant", "create", "acme", "--approval", "x\r\ny")
                        .exit())
                .isEqualTo(2);
    }

    @Test
    void saysWhichApprovalIsWaitedFor() {
        server.on("POST /api/tenants", 403, """
                {"title":"A second person has to approve it","status":403,"detail":"d","code":"approval-required",
                 "fix":"f","approvalId":"%s","reasons":[{"rule":"R-1","message":"One."},{"rule":"R-2","message":"Two."}]}""".formatted(ID));

        Run run = shell().run("tenant", "create", "acme");

        assertThat(run.exit()).isEqualTo(4);
        assertThat(run.err())
                .contains("Approval: " + ID, "also Two. (rule R-2)")
                .doesNotContain("One.");
    }

    @Test
    void simulatesAFolderAgainstInputs() throws IOException {
        Path pack = Files.createDirectories(folder.resolve("house"));
        Files.writeString(pack.resolve(".manifest"), "{\"revision\":\"8\"}");
        Files.writeString(pack.resolve("install.rego"), "package maestro.adapter.install\n");
        Path inputs = Files.writeString(folder.resolve("inputs.json"), "[{\"entryPoint\":\"act\"}]");
        server.on("POST /api/policy:simulate", 200, """
                {"asked":1,"outcomes":{"DENY":1},"changed":1,"changes":[{"decisionId":null,"index":0,"entryPoint":"act",
                 "before":"allow","after":"deny","reasons":[%s]}]}""".formatted(REASON));

        for (Path manifest : new Path[] {pack, pack.resolve(".manifest")}) {
            Run run = shell().run("simulate", "-m", manifest.toString(), "-i", inputs.toString());

            assertThat(run.exit()).as(run.err()).isZero();
            assertThat(run.out())
                    .contains("Asked 1: deny 1. 1 would be decided otherwise.", "R-ADAPTER-03", "The risk is high.");
            JsonNode asked = json(server.last().body());
            assertThat(asked.path("pack").asText()).isEqualTo("house");
            assertThat(asked.path("inputs")).isEqualTo(json("[{\"entryPoint\":\"act\"}]"));
            assertThat(asked.has("last")).isFalse();
            Bundle bundle =
                    BundleReader.read(asked.path("bundle").binaryValue(), Limits.STANDARD, new Verification.Unsigned());
            assertThat(bundle.manifest().revision()).isEqualTo("8");
            assertThat(bundle.sources()).containsOnlyKeys("install.rego");
        }
    }

    @Test
    void simulatesABundleAgainstWhatWasDecidedLast() throws IOException {
        Path bundle = Files.writeString(folder.resolve("house.tar.gz"), "bytes");
        Path modes = Files.writeString(folder.resolve("modes.json"), "{\"rules\":{\"R-1\":\"warn\"}}");
        server.on(
                "POST /api/tenants/acme/policy:simulate",
                200,
                "{\"asked\":5,\"outcomes\":{},\"changed\":0,\"changes\":[]}");

        Run run = shell().run(
                        "simulate",
                        "-t",
                        "acme",
                        "-m",
                        bundle.toString(),
                        "--last",
                        "5",
                        "--name",
                        "own",
                        "--modes",
                        modes.toString());

        assertThat(run.exit()).as(run.err()).isZero();
        JsonNode asked = json(server.last().body());
        server.on("POST /api/policy:simulate", 200, "{\"asked\":0,\"outcomes\":{},\"changed\":0,\"changes\":[]}");
        assertThat(shell().run("simulate", "--modes", modes.toString()).exit()).isZero();
        assertThat(json(server.last().body()))
                .isEqualTo(json("{\"modes\":{\"rules\":{\"R-1\":\"warn\"}},\"last\":1000}"));
        assertThat(Base64.getDecoder().decode(asked.path("bundle").asText()))
                .asString()
                .isEqualTo("bytes");
        assertThat(asked.path("pack").asText()).isEqualTo("own");
        assertThat(asked.path("last").asInt()).isEqualTo(5);
        assertThat(asked.at("/modes/rules/R-1").asText()).isEqualTo("warn");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "policy explain",
                "policy explain nonsense",
                "policy explain 0190a0b0-0000-7000-8000-000000000001 --execution x",
                "policy show ..",
                "approval show ../x",
                "simulate",
                "simulate -m nowhere",
                "simulate -m FOLDER/good --last 0",
                "simulate -m FOLDER/good -i FOLDER/unnamed.json",
                "simulate -m FOLDER/good -i FOLDER/empty.json",
                "simulate -m FOLDER/good -i FOLDER/broken.json",
            })
    void asksNothingWhenItIsUsedWrongly(String command) throws IOException {
        Files.createDirectories(folder.resolve("good"));
        Files.writeString(folder.resolve("good/a.rego"), "package a\n");
        Files.writeString(folder.resolve("unnamed.json"), "[{}]");
        Files.writeString(folder.resolve("empty.json"), "[]");
        Files.writeString(folder.resolve("broken.json"), "[");

        Run run = shell().run(command.replace("FOLDER", folder.toString()).split(" ", -1));

        assertThat(run.exit()).as(run.out() + run.err()).isEqualTo(2);
        assertThat(server.requests()).isEmpty();
    }

    private Shell shell() {
        return new Shell(folder).at(server);
    }

    private static JsonNode json(String text) throws JsonProcessingException {
        return new JsonMapper().readTree(text);
    }
}
