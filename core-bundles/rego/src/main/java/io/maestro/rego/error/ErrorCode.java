package io.maestro.rego.error;

/** The kinds of errors, named as the Open Policy Agent names them; {@link #LIMIT} is ours. */
public enum ErrorCode {
    /** The text is no Rego. */
    PARSE("rego_parse_error"),
    /** Names, scopes or rules do not fit together. */
    COMPILE("rego_compile_error"),
    /** A call has the wrong number or kind of arguments, or rules contradict one another by their shape. */
    TYPE("rego_type_error"),
    /** A variable has no value when it is needed, whatever the order of the body. */
    UNSAFE_VAR("rego_unsafe_var_error"),
    /** A rule needs itself. */
    RECURSION("rego_recursion_error"),
    /** Two definitions of one rule gave different values for the same question. */
    CONFLICT("eval_conflict_error"),
    /** A built-in function refused its arguments. */
    BUILTIN("eval_builtin_error"),
    /** A built-in function was given an argument of the wrong type. */
    EVAL_TYPE("eval_type_error"),
    /** A {@code with} modifier cannot replace what it names. */
    WITH_MERGE("eval_with_merge_error"),
    /** The evaluation cost more than its budget, or its deadline passed. */
    LIMIT("eval_limit_error"),
    /** A fault of the engine; the question has no answer, which is a refusal. */
    INTERNAL("eval_internal_error");

    private final String code;

    ErrorCode(String code) {
        this.code = code;
    }

    /** The stable text of the code. */
    public String code() {
        return code;
    }
}
