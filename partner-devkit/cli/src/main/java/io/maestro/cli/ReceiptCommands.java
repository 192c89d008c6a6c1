package io.maestro.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.cli.Output.Column;
import io.maestro.model.Digest;
import io.maestro.model.TenantId;
import io.maestro.provenance.format.AcceptedBreak;
import io.maestro.provenance.format.CanonicalJson;
import io.maestro.provenance.format.Checkpoint;
import io.maestro.provenance.format.ExportVerification;
import io.maestro.provenance.format.ExportVerification.Report;
import io.maestro.provenance.format.ReceiptBody;
import io.maestro.provenance.format.UnfitJson;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Receipts, of the installation or of one tenant, and the keys that sign them. */
@Command(
        description = "Shows, exports and verifies receipts: of the installation, or with --tenant of one tenant.",
        synopsisSubcommandLabel = "COMMAND")
final class ReceiptCommands {
    private static Column[] key() {
        return new Column[] {
            Column.of("Key", "/id"),
            Column.of("Origin", "/origin"),
            Column.of("Node", "/node"),
            Column.of("Valid from", "/validFrom"),
            Column.of("Retired", "/retiredAt"),
            Column.of("Introduced by", "/introducedBy"),
        };
    }

    private static final int MOST_BREAKS = 100;

    private final Session session;

    ReceiptCommands(Session session) {
        this.session = session;
    }

    /** Whose receipts. */
    static final class ChainOption {
        @Option(
                names = {"-t", "--tenant"},
                paramLabel = "TENANT",
                description = "Those of a tenant.")
        private @Nullable String tenant;

        boolean installation() {
            return tenant == null;
        }

        String path() {
            return tenant == null ? "/receipts" : "/tenants/" + new TenantId(tenant) + "/receipts";
        }
    }

    /** Which receipts. */
    static final class FilterOptions {
        @Option(names = "--environment", paramLabel = "NAME", description = "Only what was done in it.")
        private @Nullable String environment;

        @Option(names = "--action", paramLabel = "ACTION", description = "Only this, for example instance.create.")
        private @Nullable String action;

        @Option(names = "--subject", paramLabel = "NAME", description = "Only what was done to it.")
        private @Nullable String subject;

        @Option(names = "--actor", paramLabel = "ID", description = "Only what this principal did.")
        private @Nullable String actor;

        @Mixin
        private TimeOptions times = new TimeOptions();

        String query() {
            return query("environment", environment)
                    + query("action", action)
                    + query("subject", subject)
                    + query("actor", actor)
                    + times.query();
        }

        static String query(String name, @Nullable String value) {
            return value == null ? "" : "&" + name + "=" + Server.encoded(value);
        }
    }

    /** From when to when. */
    static final class TimeOptions {
        @Option(names = "--from", paramLabel = "TIME", description = "At this time or later: 2026-11-20T22:00:00Z.")
        private @Nullable String from;

        @Option(names = "--until", paramLabel = "TIME", description = "Before this time.")
        private @Nullable String until;

        String query() {
            return FilterOptions.query("from", from) + FilterOptions.query("until", until);
        }
    }

    @Command(description = "Lists receipts, newest first; each is verified as it is read.")
    int list(@Mixin ChainOption chain, @Mixin FilterOptions filter, @Mixin ListOptions options) {
        try (Server server = session.server()) {
            session.output()
                    .table(
                            server.list(chain.path() + "?order=newest" + filter.query(), options.limit()),
                            Column.of("PLACE", "/sequence"),
                            Column.of("AT", "/body/occurredAt"),
                            Column.of("WHO", "/body/actor"),
                            Column.of("ACTION", "/body/action"),
                            Column.of("SUBJECT", "/body/subject/name"),
                            Column.of("VERIFIED", "/verified"),
                            Column.of("ID", "/id"));
        }
        return Exit.OK;
    }

    @Command(description = "Shows one receipt.")
    int show(@Mixin ChainOption chain, @Parameters(paramLabel = "ID", description = "The id as listed.") String id) {
        try (Server server = session.server()) {
            session.output()
                    .fields(
                            server.get(chain.path() + "/" + Server.encoded(id)),
                            Column.of("Receipt", "/id"),
                            Column.of("Sealed", "/sealed"),
                            Column.of("Verified", "/verified"),
                            Column.of("Defect", "/defect"),
                            Column.of("Place", "/sequence"),
                            Column.of("Who", "/body/actor"),
                            Column.of("Action", "/body/action"),
                            Column.of("Subject", "/body/subject/name"),
                            Column.of("Environment", "/body/environment"),
                            Column.of("At", "/body/occurredAt"),
                            Column.of("Changes", "/body/changes"),
                            Column.of("Signed by", "/body/keyId"),
                            Column.of("Hash", "/hash"));
        }
        return Exit.OK;
    }

    @Command(description = "Has the server verify a whole chain.")
    int check(@Mixin ChainOption chain) {
        long checked = 0;
        JsonNode answer;
        JsonNode accepted;
        try (Server server = session.server()) {
            String after = "0";
            do {
                answer = server.get(chain.path() + "/verification?after=" + after);
                checked += answer.path("checked").asLong();
                after = answer.path("last").asText();
            } while (answer.path("verified").asBoolean()
                    && !answer.path("complete").asBoolean());
            accepted = answer.path("verified").asBoolean()
                    ? server.list(chain.path() + "?order=oldest&action=" + Checkpoint.ACCEPT, MOST_BREAKS)
                    : JsonNodeFactory.instance.objectNode();
        }
        if (!answer.path("verified").asBoolean()) {
            long place = answer.path("defectAt").asLong();
            throw refused((place == 0 ? "" : "receipt " + place + ": ")
                    + Output.clean(answer.path("defect").asText()));
        }
        ObjectNode done = JsonNodeFactory.instance.objectNode();
        done.put("verified", true);
        done.put("checked", checked);
        List<AcceptedBreak> breaks = breaks(accepted);
        breaks.forEach(each -> done.withArray("acceptedBreaks").add(each.toString()));
        session.output().done(done, "All " + checked + " receipts are as they were signed.");
        note(breaks);
        if (!chain.installation()) {
            session.output()
                    .note(
                            "How far the chain must reach tells the installation's chain. Have it checked as well, by somebody"
                                    + " who may: maestro receipts check.");
        }
        return Exit.OK;
    }

    @Command(
            name = "accept-break",
            description = {
                "Has a chain go on that lost its end and is stopped. Find out first why it did: what is lost stays lost, and",
                "the installation's chain says for ever who accepted it."
            })
    int acceptBreak(
            @Mixin ChainOption chain,
            @Option(
                            names = "--last",
                            required = true,
                            paramLabel = "PLACE",
                            description = "The last receipt that is there.")
                    long last,
            @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why, for the receipt.")
                    String reason) {
        ObjectNode wanted = JsonNodeFactory.instance.objectNode();
        wanted.put("last", last);
        wanted.put("reason", reason);
        try (Server server = session.server()) {
            session.output()
                    .fields(
                            server.post(chain.path() + "/accept-break", wanted),
                            Column.of("Chain", "/chain"),
                            Column.of("Reached", "/reached"),
                            Column.of("Goes on behind", "/last"));
        }
        return Exit.OK;
    }

    @Command(description = "Writes receipts to a file that verifies by itself.")
    int export(
            @Mixin ChainOption chain,
            @Mixin TimeOptions times,
            @Option(
                            names = {"-o", "--output"},
                            required = true,
                            paramLabel = "FILE",
                            description = "Write to this file.")
                    Path file)
            throws IOException {
        Path target = file.toAbsolutePath();
        String query = times.query();
        Path draft = Files.createTempFile(target.getParent(), ".receipts", ".tmp");
        try (Server server = session.server()) {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(draft))) {
                server.download(chain.path() + "/export" + (query.isEmpty() ? "" : "?" + query.substring(1)), out);
            }
            Files.move(draft, target, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
        session.output()
                .done(
                        JsonNodeFactory.instance.objectNode().put("file", file.toString()),
                        "Exported to " + file + ". Verify it with maestro receipts verify " + file + ".");
        return Exit.OK;
    }

    @Command(
            description = {
                "Verifies an export: every receipt, that none is missing or out of place, and the end.",
                "Needs neither a server nor a network. Without --key it trusts the key in the file: compare the printed",
                "fingerprint with one that you have from elsewhere."
            })
    int verify(
            @Option(
                            names = "--key",
                            paramLabel = "FINGERPRINT",
                            description = "Trust this key, and those that it vouches for; others not.")
                    @Nullable
                    String key,
            @Parameters(paramLabel = "FILE", description = "The export.") Path file)
            throws IOException {
        Report report;
        try (InputStream in = Files.newInputStream(file)) {
            report = ExportVerification.verify(in, key == null ? null : Digest.parse(key));
        }
        if (report.defect() != null) {
            throw refused(Output.clean(report.defect().toString()));
        }
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("verified", true);
        answer.put("chain", report.chain());
        answer.put("count", report.count());
        answer.put("first", report.first());
        answer.put("last", report.last());
        answer.put(
                "lastHash", report.lastHash() == null ? null : report.lastHash().toString());
        answer.put("madeAt", String.valueOf(report.madeAt()));
        answer.put("trusted", key == null ? "file" : "named");
        report.roots().forEach(root -> answer.withArray("roots").add(root.toString()));
        report.breaks().forEach(each -> answer.withArray("acceptedBreaks").add(each.toString()));
        String roots = report.roots().stream().map(Digest::toString).collect(Collectors.joining(", "));
        Output output = session.output();
        output.done(
                answer,
                Output.clean("All " + report.count() + " receipts of " + report.chain() + " are as they were signed"
                        + (report.count() == 0 ? "" : ": " + report.first() + " to " + report.last())
                        + ". Exported at " + report.madeAt() + "."));
        note(report.breaks());
        output.note(
                key == null
                        ? "Trusted the key in the file. Compare its fingerprint: " + roots
                        : "Trusted the key " + roots + ".");
        return Exit.OK;
    }

    @Command(description = "Lists the keys that sign receipts, oldest first.")
    int keys() {
        try (Server server = session.server()) {
            session.output()
                    .table(
                            server.get("/receipt-keys"),
                            Column.of("ORIGIN", "/origin"),
                            Column.of("NODE", "/node"),
                            Column.of("VALID FROM", "/validFrom"),
                            Column.of("RETIRED", "/retiredAt"),
                            Column.of("KEY", "/id"));
        }
        return Exit.OK;
    }

    @Command(name = "rotate-key", description = "Gives the node that answers a new key to sign receipts with.")
    int rotateKey() {
        try (Server server = session.server()) {
            session.output().fields(server.post("/receipt-keys/rotate", null), key());
        }
        return Exit.OK;
    }

    @Command(name = "add-key", description = "Introduces the key of a signer apart from the server.")
    int addKey(@Parameters(paramLabel = "FILE", description = "The public key in PEM form.") Path file)
            throws IOException {
        ObjectNode wanted = JsonNodeFactory.instance.objectNode();
        wanted.put("publicKey", Files.readString(file, StandardCharsets.UTF_8));
        try (Server server = session.server()) {
            session.output().fields(server.post("/receipt-keys", wanted), key());
        }
        return Exit.OK;
    }

    @Command(name = "retire-key", description = "Accepts no more signatures of a signer's key.")
    int retireKey(@Parameters(paramLabel = "FINGERPRINT", description = "The key as listed.") String key) {
        try (Server server = session.server()) {
            session.output().fields(server.post("/receipt-keys/" + Digest.parse(key) + "/retire", null), key());
        }
        return Exit.OK;
    }

    /** Of receipts as the server lists them, which has verified them. */
    private static List<AcceptedBreak> breaks(JsonNode list) {
        List<AcceptedBreak> breaks = new ArrayList<>();
        for (JsonNode receipt : list.path("items")) {
            try {
                byte[] body = CanonicalJson.bytes(receipt.path("body"));
                AcceptedBreak.of(ReceiptBody.parse(body)).ifPresent(breaks::add);
            } catch (UnfitJson e) {
                throw refused("a receipt of an accepted break cannot be read: " + e.getMessage());
            }
        }
        return breaks;
    }

    /** Whole and accepted is less than whole. */
    private void note(List<AcceptedBreak> breaks) {
        for (AcceptedBreak each : breaks) {
            session.output().note("A break was accepted. " + Output.clean(each.toString()));
        }
    }

    private static Failure refused(String detail) {
        return Failure.of(
                Exit.REFUSED,
                Failure.local(
                        "receipts-not-verified",
                        "The receipts are not as they were signed",
                        detail,
                        "Do not rely on them. Compare with an older export, and with the backups of the database."));
    }
}
