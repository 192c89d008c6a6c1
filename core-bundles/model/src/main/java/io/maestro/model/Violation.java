package io.maestro.model;

/**
 * One place in a document or artifact that breaks a rule.
 *
 * @param pointer where: a JSON Pointer (RFC 6901) into a document, or the name of a jar entry or header
 * @param detail what is wrong there, in one sentence
 */
public record Violation(String pointer, String detail) {}
