package io.maestro.rego;

import io.maestro.rego.builtins.Builtin;
import io.maestro.rego.builtins.Builtins;
import io.maestro.rego.compile.Compiler;
import io.maestro.rego.compile.Program;
import io.maestro.rego.error.ErrorCode;
import io.maestro.rego.error.Location;
import io.maestro.rego.error.RegoError;
import io.maestro.rego.error.RegoException;
import io.maestro.rego.eval.Code;
import io.maestro.rego.syntax.Module;
import io.maestro.rego.syntax.Parser;
import io.maestro.rego.value.ValueLimitException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Compiles policies. Any thread; keeps nothing. */
public final class Rego {
    private Rego() {}

    /**
     * Compiles source files together.
     *
     * @param sources text by file name
     * @throws RegoException with all that is wrong, each with its place
     */
    public static Policy compile(Map<String, String> sources, Capabilities capabilities) {
        List<Module> modules = new ArrayList<>();
        List<RegoError> errors = new ArrayList<>();
        new TreeMap<>(sources).forEach((file, text) -> {
            try {
                modules.add(Parser.module(file, text));
            } catch (RegoException e) {
                errors.addAll(e.errors());
            }
        });
        if (!errors.isEmpty()) {
            throw new RegoException(errors);
        }
        try {
            Compiler compiler = new Compiler(builtins(capabilities));
            Program program = compiler.compile(modules);
            return new Policy(compiler, program, Code.Manner.INDEXED);
        } catch (StackOverflowError | ValueLimitException e) {
            throw new RegoException(ErrorCode.COMPILE, Location.NONE, "the policy nests deeper than can be compiled");
        }
    }

    private static Map<String, Builtin> builtins(Capabilities capabilities) {
        Map<String, Builtin> allowed = new HashMap<>(Builtins.standard());
        allowed.keySet().retainAll(capabilities.builtins());
        return allowed;
    }
}
