package io.maestro.rego;

import io.maestro.rego.compile.Compiler;
import io.maestro.rego.compile.Places;
import io.maestro.rego.compile.Program;
import io.maestro.rego.compile.RuleGroup;
import io.maestro.rego.error.Location;
import io.maestro.rego.error.RegoException;
import io.maestro.rego.eval.Code;
import io.maestro.rego.syntax.Annotation;
import io.maestro.rego.syntax.Parser;
import io.maestro.rego.trace.Observer;
import io.maestro.rego.value.Value;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A compiled policy. Immutable: any number of threads may ask it at once, and replacing one is a write of a reference. */
public final class Policy {
    private final Compiler compiler;
    private final Program program;
    private final Code code;
    private final Code.Manner manner;

    Policy(Compiler compiler, Program program, Code.Manner manner) {
        this.compiler = compiler;
        this.program = program;
        this.code = new Code(program, manner);
        this.manner = manner;
    }

    /** The same policy, slower, which tells an observer what it does. */
    public Policy observable() {
        return manner == Code.Manner.TELLING ? this : new Policy(compiler, program, Code.Manner.TELLING);
    }

    /** The same policy, slower, which tries each definition of a rule: to measure what the index is worth. */
    Policy withoutIndex() {
        return new Policy(compiler, program, Code.Manner.PLAIN);
    }

    /** How many definitions all rules have together. */
    public int definitions() {
        return program.definitions();
    }

    /**
     * As {@link #evaluate(List, Question)}, of an {@link #observable} policy.
     *
     * @throws RegoException when there is no answer
     */
    public @Nullable Value evaluate(List<String> path, Question question, Observer observer) {
        if (manner != Code.Manner.TELLING) {
            throw new IllegalStateException("only an observable policy tells what it does");
        }
        return code.evaluate(path, question.request(observer));
    }

    /** The places that an observer can be told of, each once, in order. */
    public List<Location> places() {
        return Places.of(program);
    }

    /** The paths below {@code data} of all rules that take no arguments, in the order of the files. */
    public List<Rule> rules() {
        return program.tree().groups().stream()
                .filter(group -> group.kind() != RuleGroup.Kind.FUNCTION)
                .map(group -> new Rule(group.path(), group.at()))
                .toList();
    }

    /** A rule by its path, with the place of its first definition. */
    public record Rule(List<String> path, Location at) {}

    /**
     * The value of a rule, a package or a document.
     *
     * @param path below {@code data}
     * @return null when it is undefined
     * @throws RegoException when there is no answer; treat it as a refusal
     */
    public @Nullable Value evaluate(List<String> path, Question question) {
        return code.evaluate(path, question.request(null));
    }

    /**
     * Compiles a query, to ask it many times.
     *
     * @throws RegoException with the place in its text
     */
    public Query query(String text) {
        return new Query(code, compiler.query(program, Parser.query(text)));
    }

    /** All annotations, in the order of the files. */
    public List<Annotation> annotations() {
        return program.annotations();
    }

    /** A query of a policy. Immutable. */
    public static final class Query {
        private final Code code;
        private final Program.Query query;

        Query(Code code, Program.Query query) {
            this.code = code;
            this.query = query;
        }

        /**
         * All answers, each with the values of the query's variables.
         *
         * @throws RegoException when there is no answer
         */
        public List<Map<String, Value>> answers(Question question) {
            return code.query(query, question.request(null));
        }

        /**
         * As {@link #answers(Question)}; of a query of an {@link Policy#observable} policy the observer is told each step,
         * else only what is printed.
         *
         * @throws RegoException when there is no answer
         */
        public List<Map<String, Value>> answers(Question question, Observer observer) {
            return code.query(query, question.request(observer));
        }
    }
}
