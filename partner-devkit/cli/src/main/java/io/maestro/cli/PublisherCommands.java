package io.maestro.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.cli.Output.Column;
import io.maestro.model.Digest;
import io.maestro.model.PublisherName;
import io.maestro.trust.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Publishers and their keys. */
@Command(
        description = "Makes publishers' keys and tells the server whom to trust.",
        synopsisSubcommandLabel = "COMMAND")
final class PublisherCommands {
    private final Session session;

    PublisherCommands(Session session) {
        this.session = session;
    }

    @Command(
            name = "create-key",
            description = {
                "Makes a key that signs adapters (RSA, 3072 bits) with a self-signed certificate.",
                "The certificate is written beside the key, with the ending .pem: give that one to servers, keep the key."
            })
    int createKey(
            @Option(names = "--name", required = true, paramLabel = "NAME", description = "The publisher's name.")
                    String name,
            @Option(names = "--out", required = true, paramLabel = "FILE", description = "The key store, FILE.p12.")
                    Path out,
            @Option(names = "--days", paramLabel = "N", defaultValue = "825", description = "Validity in days (825).")
                    int days,
            @Option(
                            names = "--password-file",
                            paramLabel = "FILE",
                            description = "A file with the password, else MAESTRO_KEY_PASSWORD, else you are asked.")
                    @Nullable
                    Path passwordFile)
            throws IOException {
        String publisher = new PublisherName(name).value();
        if (days < 1 || days > 3650) {
            throw Failure.usage("a validity of " + days + " days makes no sense", "Use 1 to 3650 days.");
        }
        String password = Secrets.password(
                session.terminal(), passwordFile, SigningKey.PASSWORD_VARIABLE, "Password for the new key");
        SigningKey key = SigningKey.create(publisher, out, password, days);
        Path certificate = beside(out);
        Files.writeString(certificate, key.pem(), UTF_8);
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("publisher", publisher);
        answer.put("key", out.toString());
        answer.put("certificate", certificate.toString());
        answer.put("fingerprint", Certificates.fingerprint(key.certificate()).toString());
        answer.put("notAfter", key.certificate().getNotAfter().toInstant().toString());
        session.output()
                .fields(
                        answer,
                        Column.of("Publisher", "/publisher"),
                        Column.of("Key", "/key"),
                        Column.of("Certificate", "/certificate"),
                        Column.of("Fingerprint", "/fingerprint"),
                        Column.of("Good until", "/notAfter"));
        return Exit.OK;
    }

    @Command(description = "Trusts a publisher's key.")
    int trust(
            @Option(names = "--name", required = true, paramLabel = "NAME", description = "The publisher's name.")
                    String name,
            @Option(
                            names = "--certificate",
                            required = true,
                            paramLabel = "FILE",
                            description = "The certificate in PEM form.")
                    Path certificate)
            throws IOException {
        String pem = Files.readString(certificate, UTF_8);
        Digest fingerprint = Certificates.fingerprint(Certificates.parse(pem, Instant.now()));
        ObjectNode wanted = JsonNodeFactory.instance.objectNode();
        wanted.put("name", new PublisherName(name).value());
        wanted.put("certificate", pem);
        try (Server server = session.server()) {
            JsonNode key = server.post("/publishers", wanted);
            session.output().done(key, "Trusting " + name + " with the key " + fingerprint + ".");
        }
        return Exit.OK;
    }

    @Command(description = "Lists publishers with their keys.")
    int list(@Mixin ListOptions options) {
        try (Server server = session.server()) {
            ObjectNode answer = server.list("/publishers", options.limit());
            // for people one line per key
            ObjectNode keys = JsonNodeFactory.instance.objectNode();
            var items = keys.putArray("items");
            answer.path("items").forEach(publisher -> publisher.path("keys").forEach(items::add));
            keys.set("next", answer.path("next"));
            session.output()
                    .tableOf(
                            answer,
                            keys,
                            Column.of("PUBLISHER", "/publisher"),
                            Column.of("TRUSTED", "/trustedAt"),
                            Column.of("GOOD UNTIL", "/notAfter"),
                            Column.of("REVOKED", "/revokedReason"),
                            Column.of("KEY", "/fingerprint"));
        }
        return Exit.OK;
    }

    @Command(description = "Stops trusting a key, for ever. Running instances of what it signed are closed.")
    int revoke(
            @Option(names = "--name", required = true, paramLabel = "NAME", description = "The publisher's name.")
                    String name,
            @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why, in one sentence.")
                    String reason,
            @Option(
                            names = "--certificate",
                            paramLabel = "FILE",
                            description = "The key's certificate in PEM form, instead of its fingerprint.")
                    @Nullable
                    Path certificate,
            @Parameters(arity = "0..1", paramLabel = "FINGERPRINT", description = "The key as listed.") @Nullable
                    String fingerprint)
            throws IOException {
        Digest key = key(certificate, fingerprint);
        try (Server server = session.server()) {
            JsonNode revoked = server.post(
                    "/publishers/" + new PublisherName(name) + "/keys/" + key.hex() + "/revoke",
                    JsonNodeFactory.instance.objectNode().put("reason", reason));
            session.output().done(revoked, "Revoked the key " + key + " of " + name + ".");
        }
        return Exit.OK;
    }

    private static Digest key(@Nullable Path certificate, @Nullable String fingerprint) throws IOException {
        if (certificate != null && fingerprint == null) {
            return Certificates.fingerprint(Certificates.parse(Files.readString(certificate, UTF_8), Instant.now()));
        }
        if (certificate == null && fingerprint != null) {
            return Digest.parse(fingerprint);
        }
        throw Failure.usage("it is not said which key", "Use either FINGERPRINT or --certificate FILE.");
    }

    private static Path beside(Path key) {
        String name = String.valueOf(key.getFileName());
        String base = name.endsWith(".p12") ? name.substring(0, name.length() - ".p12".length()) : name;
        return key.resolveSibling(base + ".pem");
    }
}
