package io.maestro.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Policies on this machine. No type of the policy engine stands in a signature here: every command looks at these, and only one
 * that works with policies should load the engine.
 */
@Command(
        description = "Checks, tests, builds and signs policies on this machine, and works with those of a server.",
        synopsisSubcommandLabel = "COMMAND")
final class PolicyCommands {
    /** How an answer is written. */
    enum Format {
        TEXT,
        JSON
    }

    private final Session session;

    PolicyCommands(Session session) {
        this.session = session;
    }

    @Command(
            description = {
                "Compiles policies and says all that is wrong, as FILE:LINE:COLUMN: MESSAGE.",
                "Exit code 1 when something is wrong."
            })
    int check(
            @Option(
                            names = {"-t", "--tenant"},
                            paramLabel = "TENANT",
                            description = "As a pack of this tenant: its packages and functions only.")
                    @Nullable
                    String tenant,
            @Option(
                            names = "--format",
                            paramLabel = "text|json",
                            defaultValue = "text",
                            description = "How errors are written (text).")
                    Format format,
            @Parameters(arity = "1..*", paramLabel = "PATH", description = "Files and folders.") List<Path> paths)
            throws IOException {
        return new PolicyCheck(session).run(paths, tenant, format == Format.JSON);
    }

    @Command(
            description = {
                "Rewrites policies in the usual form, and names those that were not in it; - for standard input.",
                "With --check or --diff nothing is written, and the exit code is 1 when something would be."
            })
    int fmt(
            @Option(names = "--check", description = "Only name the files that are not in the usual form.")
                    boolean check,
            @Option(names = "--diff", description = "Only show what would change.") boolean diff,
            @Parameters(arity = "1..*", paramLabel = "PATH", description = "Files and folders.") List<Path> paths)
            throws IOException {
        return new PolicyFormat(session).run(paths, check, diff);
    }

    @Command(
            description = {
                "Runs the rules whose names begin with test_, and shows what those did that failed.",
                "Exit code 1 when one failed."
            })
    int test(
            @Option(
                            names = "--run",
                            paramLabel = "REGEX",
                            description = "Only tests whose names match, as data.x.test_y.")
                    @Nullable
                    String names,
            @Option(names = "--coverage", description = "Show which lines no test made hold.") boolean coverage,
            @Option(
                            names = {"-v", "--verbose"},
                            description = "Show tests that passed too, and traces whole.")
                    boolean verbose,
            @Parameters(arity = "1..*", paramLabel = "PATH", description = "Files and folders.") List<Path> paths)
            throws IOException {
        return new PolicyTestRun(session).run(paths, names, coverage, verbose);
    }

    @Command(
            description = {
                "Answers a query, or the document of an entry point, without a server.",
                "Exit code 1 when the answer is undefined or an error."
            })
    int eval(
            @Option(
                            names = {"-d", "--data"},
                            paramLabel = "PATH",
                            description = "Policies and data: files and folders. Repeat.")
                    @Nullable
                    List<Path> data,
            @Option(
                            names = {"-i", "--input"},
                            paramLabel = "FILE",
                            description = "The input as JSON or YAML; - for standard input.")
                    @Nullable
                    String input,
            @Option(
                            names = "--entry-point",
                            paramLabel = "NAME",
                            description = "Instead of a query, for example adapter/install.")
                    @Nullable
                    String entryPoint,
            @Option(names = "--explain", description = "Show each step of the evaluation.") boolean explain,
            @Option(names = "--profile", description = "Show what took how long.") boolean profile,
            @Option(names = "--strict", description = "An error of a built-in function is no answer, not undefined.")
                    boolean strict,
            @Parameters(arity = "0..1", paramLabel = "QUERY", description = "For example data.maestro.adapter.install.")
                    @Nullable
                    String query)
            throws IOException {
        if ((query == null) == (entryPoint == null)) {
            throw Failure.usage("it is not said what is asked", "Use either QUERY or --entry-point NAME.");
        }
        String asked = query == null ? PolicyEvaluation.entryPoint(entryPoint == null ? "" : entryPoint) : query;
        return new PolicyEvaluation(session)
                .run(new PolicyEvaluation.Asked(
                        data == null ? List.of() : data, asked, input, explain, profile, strict));
    }

    @Command(
            description = {
                "Builds a bundle of a folder: its policies with their tests, data.json, data.yaml and the .manifest.",
                "The same files give the same bytes. What the server would refuse is not built."
            })
    int build(
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "FILE",
                            description = "The bundle; FOLDER.tar.gz when left out.")
                    @Nullable
                    Path out,
            @Option(
                            names = "--revision",
                            paramLabel = "REVISION",
                            description = "Instead of the one in the .manifest; higher than the one before.")
                    @Nullable
                    String revision,
            @Option(
                            names = "--root",
                            paramLabel = "PATH",
                            description = "Instead of those in the .manifest, what it owns below data. Repeat.")
                    @Nullable
                    List<String> roots,
            @Parameters(paramLabel = "FOLDER", description = "The pack.") Path folder)
            throws IOException {
        return new PolicyBundles(session).build(folder, out, revision, roots == null ? List.of() : roots);
    }

    @Command(
            description = {
                "Signs every file of a bundle, as .signatures.json in it, and verifies that.",
                "Keys are those of maestro publisher create-key, or any PKCS#12 file with a key for RSA, EC or Ed25519."
            })
    int sign(
            @Mixin KeyOptions key,
            @Option(
                            names = "--key-id",
                            paramLabel = "ID",
                            description = "By what id servers know the key; its alias when left out.")
                    @Nullable
                    String id,
            @Option(names = "--scope", paramLabel = "TEXT", defaultValue = "", description = "What it is for.")
                    String scope,
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "FILE",
                            description = "The signed bundle; signed in place when left out.")
                    @Nullable
                    Path out,
            @Parameters(paramLabel = "BUNDLE", description = "As build writes it.") Path bundle)
            throws IOException {
        SigningKey signer = key.read(session.terminal());
        return new PolicyBundles(session).sign(bundle, out, signer, id == null ? signer.alias() : id, scope);
    }

    @Command(description = "Verifies a signed bundle as a server does, without one. Exit code 5 when it is refused.")
    int verify(
            @Option(
                            names = "--certificate",
                            required = true,
                            paramLabel = "FILE",
                            description = "The certificate or the public key in PEM form.")
                    Path certificate,
            @Option(names = "--key-id", paramLabel = "ID", description = "The signature must name this key; else any.")
                    @Nullable
                    String id,
            @Option(names = "--scope", paramLabel = "TEXT", defaultValue = "", description = "What it must be for.")
                    String scope,
            @Parameters(paramLabel = "BUNDLE", description = "The signed bundle.") Path bundle)
            throws IOException {
        return new PolicyBundles(session).verify(bundle, certificate, id, scope);
    }
}
