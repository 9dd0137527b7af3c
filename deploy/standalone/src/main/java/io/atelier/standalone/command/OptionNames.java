package io.atelier.standalone.command;

import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    private static final Pattern QUOTED = Pattern.compile("'([a-z_]+)'");

    private OptionNames() {}

    /** The text of the gateway with the options of the command in place of the members of a request that it quotes. */
    static String inText(CommandSpec command, String text) {
        return QUOTED.matcher(text)
                .replaceAll(quoted -> Matcher.quoteReplacement(
                        isValue(command, quoted.group(1)) ? quoted.group() : option(command, quoted)));
    }

    private static String option(CommandSpec command, MatchResult quoted) {
        var member = quoted.group(1);
        var name = of(command, member);
        return name.equals(member) ? quoted.group() : name;
    }

    /** Whether the user typed this text itself, such as the name of a model. */
    private static boolean isValue(CommandSpec command, String text) {
        return command.args().stream()
                .map(argument -> Objects.toString(argument.<Object>getValue()))
                .anyMatch(text::equals);
    }

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
