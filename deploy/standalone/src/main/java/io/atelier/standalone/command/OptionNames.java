package io.atelier.standalone.command;

import java.util.Collection;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** Names the option that a member of a request comes from, for the validation errors of the gateway. */
final class OptionNames {

    private static final String AVATAR = "avatar";

    /** Of the command {@code avatar}, whose requests have some members of the same name. */
    private static final Map<String, String> OF_AVATAR = Map.of(
            "images", "--images",
            "model", "--model",
            "prompt", "--prompt",
            "base", "--base",
            "face", "--face",
            "distinct_prompts", "--distinct-prompts");

    /** Options and positional parameters, by the members of requests and by the parameters of queries. */
    private static final Map<String, String> BY_MEMBER = Map.ofEntries(
            Map.entry("prompt", "PROMPT"),
            Map.entry("model", "--model"),
            Map.entry("negative_prompt", "--negative"),
            Map.entry("size", "--size"),
            Map.entry("seed", "--seed"),
            Map.entry("steps", "--steps"),
            Map.entry("guidance_scale", "--guidance"),
            Map.entry("n", "-n"),
            Map.entry("grid", "--grid"),
            Map.entry("images", "--image"),
            Map.entry("mask", "--mask"),
            Map.entry("strength", "--strength"),
            Map.entry("quality", "--quality"),
            Map.entry("moderation", "--moderation"),
            Map.entry("input_fidelity", "--input-fidelity"),
            Map.entry("scheduler", "--scheduler"),
            Map.entry("output/format", "--format"),
            Map.entry("output/background", "--background"),
            Map.entry("reason", "--reason"),
            Map.entry("limit", "--limit"),
            Map.entry("status", "--status"));

    private OptionNames() {}

    /**
     * The name of an option of the command, with the number of its value if it was given several times. A pointer to something that no option
     * of the command sets is returned as it is.
     *
     * @param pointer a JSON pointer into the request, such as {@code /grid/layout}, or the name of a parameter or header
     */
    static String of(CommandSpec command, String pointer) {
        var path = pointer.split("/", -1);
        // The gateway names the parameters of queries and the headers without a slash.
        var member = path.length < 2 ? pointer : path[1];
        var nested = path.length < 3 ? member : member + "/" + path[2];
        var names = command.name().equals(AVATAR) ? OF_AVATAR : BY_MEMBER;
        var name = names.getOrDefault(nested, names.getOrDefault(member, ""));
        var option = command.findOption(name);
        if (option == null) {
            boolean positional = command.positionalParameters().stream()
                    .anyMatch(parameter -> parameter.paramLabel().equals(name));
            return positional ? name : pointer;
        }
        boolean several = option.getValue() instanceof Collection<?> values && values.size() > 1;
        return several && path.length > 2 && path[2].matches("\\d{1,4}")
                ? "%s (value %d)".formatted(name, Integer.parseInt(path[2]) + 1)
                : name;
    }
}
