package io.atelier.standalone.command;

import java.math.BigInteger;
import java.time.Duration;
import java.util.function.Function;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How the values of options are read, by their types. Refusals say what is allowed, in words of users instead of Java's. */
final class OptionTypes {

    private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]{1,40}");
    private static final Pattern DECIMAL = Pattern.compile("[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]{1,3})?");

    private OptionTypes() {}

    /** Applies to the options of the command and of all its subcommands, which must have been added. */
    static void register(CommandLine command) {
        var whole = new Converter<>(text -> whole(text, Long.MIN_VALUE, Long.MAX_VALUE));
        var integer = new Converter<>(OptionTypes::integer);
        var decimal = new Converter<>(OptionTypes::decimal);
        var truth = new Converter<>(OptionTypes::truth);
        command.registerConverter(Long.class, whole)
                .registerConverter(Long.TYPE, whole)
                .registerConverter(Integer.class, integer)
                .registerConverter(Integer.TYPE, integer)
                .registerConverter(Double.class, decimal)
                .registerConverter(Double.TYPE, decimal)
                .registerConverter(Boolean.class, truth)
                .registerConverter(Boolean.TYPE, truth)
                .registerConverter(Duration.class, new DurationConverter());
    }

    /** Not a lambda of picocli's interface: Java 17 crashes when it archives one of an interface as old as that. */
    private record Converter<T>(Function<String, T> read) implements ITypeConverter<T> {

        @Override
        public T convert(String text) {
            return read.apply(text);
        }
    }

    private static int integer(String text) {
        return Math.toIntExact(whole(text, Integer.MIN_VALUE, Integer.MAX_VALUE));
    }

    private static long whole(String text, long least, long most) {
        if (!WHOLE.matcher(text).matches()) {
            throw new TypeConversionException("'%s' is not a whole number, such as 20".formatted(text));
        }
        var number = new BigInteger(text);
        if (number.compareTo(BigInteger.valueOf(least)) < 0 || number.compareTo(BigInteger.valueOf(most)) > 0) {
            throw new TypeConversionException(
                    "'%s' is out of range; use a whole number from %d to %d".formatted(text, least, most));
        }
        return number.longValueExact();
    }

    private static double decimal(String text) {
        double number = DECIMAL.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
        if (!Double.isFinite(number)) {
            throw new TypeConversionException("'%s' is not a number, such as 7.5".formatted(text));
        }
        return number;
    }

    private static boolean truth(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new TypeConversionException("'%s' is neither true nor false".formatted(text));
        };
    }
}
