package io.maestro.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.model.TenantId;
import io.maestro.rego.Capabilities;
import io.maestro.rego.Rego;
import io.maestro.rego.error.ErrorCode;
import io.maestro.rego.error.RegoError;
import io.maestro.rego.error.RegoException;
import io.maestro.rego.syntax.Module;
import io.maestro.rego.syntax.Parser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compiles policies for the sake of what is wrong with them. */
final class PolicyCheck {
    private final Session session;

    PolicyCheck(Session session) {
        this.session = session;
    }

    /**
     * Says all that is wrong.
     *
     * @param tenant whose pack it is to become; null for one of the platform
     */
    int run(List<Path> paths, @Nullable String tenant, boolean json) throws IOException {
        PolicySources sources = PolicySources.policies(paths);
        List<RegoError> errors = errors(sources.modules(), tenant == null ? null : new TenantId(tenant));
        Output output = session.output();
        if (json || session.json()) {
            ObjectNode answer = JsonNodeFactory.instance.objectNode();
            answer.put("valid", errors.isEmpty());
            answer.put("files", sources.modules().size());
            answer.putArray("errors");
            errors.forEach(error -> answer.withArray("errors").add(PolicyFailures.json(error)));
            output.document(answer);
        } else if (errors.isEmpty()) {
            output.done(
                    JsonNodeFactory.instance.nullNode(),
                    PolicyFailures.counted(sources.modules().size(), "file") + " without an error.");
        } else {
            errors.forEach(error -> session.terminal().out().println(Output.clean(line(error))));
            output.note(PolicyFailures.counted(errors.size(), "error") + " in "
                    + PolicyFailures.counted(sources.modules().size(), "file") + ".");
        }
        return errors.isEmpty() ? Exit.OK : Exit.REFUSED;
    }

    private static List<RegoError> errors(Map<String, String> modules, @Nullable TenantId tenant) {
        try {
            Rego.compile(modules, tenant == null ? Capabilities.standard() : Capabilities.deterministic());
        } catch (RegoException e) {
            return e.errors();
        }
        List<RegoError> errors = new ArrayList<>();
        if (tenant != null) {
            List<String> root = List.of("tenants", tenant.value());
            modules.forEach((file, text) -> {
                Module module = Parser.module(file, text);
                List<String> path = module.packagePath();
                if (path.size() < root.size() || !path.subList(0, root.size()).equals(root)) {
                    errors.add(new RegoError(
                            ErrorCode.COMPILE,
                            module.at(),
                            "a pack of the tenant " + tenant + " has packages below tenants." + tenant + " only, not "
                                    + String.join(".", path)));
                }
            });
        }
        return errors;
    }

    /** Editors and continuous integration know this form. */
    private static String line(RegoError error) {
        String place = error.location().toString();
        return (place.isEmpty() ? "" : place + ": ") + error.message() + " ["
                + error.code().code() + "]";
    }
}
