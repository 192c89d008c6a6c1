package io.maestro.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.cli.Output.Column;
import io.maestro.trust.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The keys that may sign packs of policies for a server. They are not those of publishers. */
final class PolicyKeyCommands {
    private PolicyKeyCommands() {}

    /** Trusts a key. */
    @Command(
            description = {
                "Trusts a key to sign packs of policies, of the installation or of a tenant.",
                "Only the public key is sent. Servers do not keep how long a certificate is good: distrust the key in time."
            })
    static final class Trust implements Callable<Integer> {
        private static final String PUBLIC_KEY = "-----BEGIN PUBLIC KEY-----";

        private final Session session;

        @Mixin
        private PolicyPaths paths = new PolicyPaths();

        @Option(
                names = {"-n", "--name"},
                required = true,
                paramLabel = "NAME",
                description = "As signatures name the key: the --key-id of maestro policy sign, or the key's alias.")
        private String name = "";

        @Option(
                names = "--certificate",
                paramLabel = "FILE",
                description = "The key's certificate in PEM form, as maestro publisher create-key writes it.")
        private @Nullable Path certificate;

        @Option(names = "--public-key", paramLabel = "FILE", description = "Instead, the public key in PEM form.")
        private @Nullable Path publicKey;

        @Option(
                names = "--algorithm",
                paramLabel = "NAME",
                description = "That bundles are signed with, as PS256; the one of maestro policy sign when left out.")
        private @Nullable String algorithm;

        Trust(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws IOException {
            ObjectNode wanted = PolicyBundles.trust(PolicyPaths.keyId(name), pem(), algorithm);
            try (Server server = session.server()) {
                JsonNode key = server.post(paths.keys(), wanted);
                session.output()
                        .done(
                                key,
                                "Trusting the key " + name + " ("
                                        + wanted.path("algorithm").asText() + ") to sign packs of "
                                        + (paths.tenant() == null ? "the installation" : paths.tenant()) + ".");
            }
            return Exit.OK;
        }

        private String pem() throws IOException {
            if (certificate != null && publicKey == null) {
                String text = Files.readString(certificate, UTF_8);
                // refuses one that has ended or is too weak
                Certificates.parse(text, Instant.now());
                return text;
            }
            if (certificate == null && publicKey != null) {
                String text = Files.readString(publicKey, UTF_8).strip();
                if (!text.startsWith(PUBLIC_KEY)) {
                    throw Failure.usage(
                            publicKey + " is no public key in PEM form",
                            "Name what openssl pkey -in KEY -pubout prints, or use --certificate FILE.");
                }
                return text;
            }
            throw Failure.usage("it is not said which key", "Use either --certificate FILE or --public-key FILE.");
        }
    }

    /** Lists keys. */
    @Command(description = "Lists the keys that may sign packs of policies.")
    static final class Keys implements Callable<Integer> {
        private final Session session;

        @Mixin
        private PolicyPaths paths = new PolicyPaths();

        Keys(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            try (Server server = session.server()) {
                session.output()
                        .table(
                                server.get(paths.keys()),
                                Column.of("KEY", "/id"),
                                Column.of("ALGORITHM", "/algorithm"),
                                Column.of("TRUSTED", "/trustedAt"),
                                Column.of("BY", "/trustedBy"));
            }
            return Exit.OK;
        }
    }

    /** Stops trusting a key. */
    @Command(description = "Stops trusting a key to sign packs of policies. Packs that decide already go on deciding.")
    static final class Distrust implements Callable<Integer> {
        private final Session session;

        @Mixin
        private PolicyPaths paths = new PolicyPaths();

        @Parameters(paramLabel = "NAME", description = "The key as listed.")
        private String name = "";

        Distrust(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            try (Server server = session.server()) {
                server.delete(paths.key(name));
                session.output()
                        .done(
                                JsonNodeFactory.instance.objectNode().put("distrusted", name),
                                "No longer trusting the key " + name + ". Packs that it signed go on deciding.");
            }
            return Exit.OK;
        }
    }
}
