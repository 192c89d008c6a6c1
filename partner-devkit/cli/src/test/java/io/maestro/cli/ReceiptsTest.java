package io.maestro.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.cli.Shell.Run;
import io.maestro.provenance.format.Change;
import io.maestro.provenance.format.ExportHeader;
import io.maestro.provenance.format.ExportWriter;
import io.maestro.provenance.format.KnownKey;
import io.maestro.provenance.format.ReceiptBody;
import io.maestro.provenance.format.SealedReceipt;
import io.maestro.provenance.format.SignerKind;
import io.maestro.provenance.format.SigningSeed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Receipts on the command line; verification without any server. */
final class ReceiptsTest {
    private static final Instant AT = Instant.parse("2026-11-20T22:00:00Z");

    @TempDir
    Path folder;

    private final SigningSeed seed = SigningSeed.random(new SecureRandom());
    private Path file = Path.of("unset");

    @BeforeEach
    void export() throws IOException {
        file = folder.resolve("receipts.ndjson");
        Files.write(file, content());
    }

    @Test
    void verifiesAnExportAndAsksToCompareTheKey() {
        Run run = new Shell(folder).run("receipts", "verify", file.toString());
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out())
                .isEqualTo("All 1 receipts of platform are as they were signed: 1 to 1."
                        + " Exported at 2026-11-20T22:00:00Z.\n");
        assertThat(run.err())
                .contains("Compare its fingerprint: " + seed.verifyingKey().id());
    }

    @Test
    void acceptsABreakWithItsPlaceAndReason() {
        try (FakeServer server = new FakeServer()) {
            server.on(
                    "POST /api/tenants/acme/receipts/accept-break",
                    200,
                    "{\"chain\":\"tenant:acme\",\"reached\":20,\"last\":15}");
            Run run = new Shell(folder)
                    .at(server)
                    .run("receipts", "accept-break", "-t", "acme", "--last", "15", "--reason", "lost on Monday");
            assertThat(run.exit()).as(run.err()).isZero();
            assertThat(server.last().body()).isEqualTo("{\"last\":15,\"reason\":\"lost on Monday\"}");
            assertThat(run.out()).contains("tenant:acme", "20", "15");
        }
    }

    @Test
    void trustsTheNamedKeyAlone() {
        Run run = new Shell(folder)
                .run(
                        "receipts",
                        "verify",
                        file.toString(),
                        "--key",
                        seed.verifyingKey().id().toString());
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.err()).contains("Trusted the key").doesNotContain("Compare");
        Run other = new Shell(folder).run("receipts", "verify", file.toString(), "--key", "ab".repeat(32));
        assertThat(other.exit()).isEqualTo(1);
        assertThat(other.err()).contains("does not have the key");
    }

    @Test
    void refusesAChangedExportAndSaysWhere() throws IOException {
        String text = Files.readString(file);
        Files.writeString(file, text.replace("\"actor\":\"system:provenance\"", "\"actor\":\"system:provenancf\""));
        Run run = new Shell(folder).run("receipts", "verify", file.toString());
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        Files.writeString(file, text.substring(0, text.length() / 2));
        assertThat(new Shell(folder)
                        .run("--json", "receipts", "verify", file.toString())
                        .err())
                .contains("receipts-not-verified");
    }

    @Test
    void writesAnExportOnlyWhenItIsWhole() throws IOException {
        try (FakeServer server = new FakeServer()) {
            server.on("GET /api/tenants/acme/receipts/export?from=2026-01-01T00%3A00%3A00Z", 200, "{}\n");
            server.refusing("GET /api/receipts/export", 403, "forbidden");
            Path target = folder.resolve("out.ndjson");
            Shell shell = new Shell(folder).at(server);
            assertThat(shell.run("receipts", "export", "-o", target.toString()).exit())
                    .isEqualTo(4);
            assertThat(target).doesNotExist();
            Run run = shell.run(
                    "receipts", "export", "-t", "acme", "--from", "2026-01-01T00:00:00Z", "-o", target.toString());
            assertThat(run.exit()).as(run.err()).isZero();
            assertThat(Files.readString(target)).isEqualTo("{}\n");
        }
    }

    @Test
    void checksAChainStepByStep() {
        try (FakeServer server = new FakeServer()) {
            server.on(
                    "GET /api/receipts/verification?after=0",
                    200,
                    "{\"verified\":true,\"checked\":10,\"last\":10,\"complete\":false,\"defectAt\":0,\"defect\":null}");
            server.on(
                    "GET /api/receipts/verification?after=10",
                    200,
                    "{\"verified\":true,\"checked\":5,\"last\":15,\"complete\":true,\"defectAt\":0,\"defect\":null}");
            server.on(
                    "GET /api/tenants/acme/receipts/verification?after=0",
                    200,
                    "{\"verified\":false,\"checked\":1,\"last\":1,\"complete\":false,\"defectAt\":2,\"defect\":\"bad\"}");
            server.on("GET /api/receipts?order=oldest&action=chain.accept-break&limit=100", 200, "{\"items\":[]}");
            assertThat(new Shell(folder).at(server).run("receipts", "check").out())
                    .isEqualTo("All 15 receipts are as they were signed.\n");
            Run bad = new Shell(folder).at(server).run("receipts", "check", "-t", "acme");
            assertThat(bad.exit()).isEqualTo(1);
            assertThat(bad.err()).contains("receipt 2: bad");
        }
    }

    @Test
    void tellsOfBreaksThatWereAcceptedAndWhatACheckOfATenantIsWorth() {
        ReceiptBody accepted = new ReceiptBody(
                new UUID(1, 2),
                "tenant:acme",
                16,
                seed.verifyingKey().id(),
                null,
                "token:root",
                "c-1",
                "chain.accept-break",
                new ReceiptBody.Subject("chain", "tenant:acme", null),
                Change.between(null, "{\"sequence\":15,\"reached\":20,\"reason\":\"lost on Monday\"}"),
                null,
                AT,
                AT,
                seed.verifyingKey().id(),
                SignerKind.LOCAL);
        try (FakeServer server = new FakeServer()) {
            server.on(
                    "GET /api/tenants/acme/receipts/verification?after=0",
                    200,
                    "{\"verified\":true,\"checked\":16,\"last\":16,\"complete\":true,\"defectAt\":0,\"defect\":null}");
            server.on(
                    "GET /api/tenants/acme/receipts?order=oldest&action=chain.accept-break&limit=100",
                    200,
                    "{\"items\":[{\"verified\":true,\"body\":"
                            + new String(accepted.canonical(), StandardCharsets.UTF_8) + "}]}");
            Run run = new Shell(folder).at(server).run("receipts", "check", "-t", "acme");
            assertThat(run.exit()).as(run.err()).isZero();
            assertThat(run.out()).isEqualTo("All 16 receipts are as they were signed.\n");
            assertThat(run.err())
                    .contains("token:root accepted", "had reached receipt 20", "behind receipt 15", "lost on Monday")
                    .contains("maestro receipts check");
        }
    }

    private byte[] content() throws IOException {
        byte[] body = new ReceiptBody(
                        new UUID(1, 1),
                        ReceiptBody.PLATFORM,
                        1,
                        null,
                        null,
                        "system:provenance",
                        "-",
                        KnownKey.INTRODUCE,
                        new ReceiptBody.Subject(
                                KnownKey.SUBJECT, seed.verifyingKey().id().toString(), null),
                        Change.between(null, "{}"),
                        null,
                        AT,
                        AT,
                        seed.verifyingKey().id(),
                        SignerKind.LOCAL)
                .canonical();
        SealedReceipt receipt = new SealedReceipt(body, seed.sign(body));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ExportWriter writer = new ExportWriter(
                out,
                new ExportHeader(
                        ReceiptBody.PLATFORM,
                        null,
                        null,
                        List.of(new KnownKey(seed.verifyingKey(), false, AT, null, receipt, List.of()))));
        writer.receipt(1, receipt);
        writer.end(AT, seed.verifyingKey().id(), seed::sign);
        assertThat(out.toString(StandardCharsets.UTF_8)).hasLineCount(3);
        return out.toByteArray();
    }
}
