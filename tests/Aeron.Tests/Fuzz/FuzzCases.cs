using System.Globalization;
using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Tests.Fuzz;

/// <summary>How many cases a fuzz test runs, and what spoils a message.</summary>
internal static class FuzzCases
{
    private const string Variable = "XP_FUZZ_CASES";
    private const long DefaultCases = 40_000;

    /// <summary>A part of all cases: of XP_FUZZ_CASES, or of the few that every test run has time for.</summary>
    public static long Percent(int percent)
    {
        var given = Environment.GetEnvironmentVariable(Variable);
        var cases = string.IsNullOrEmpty(given) ? DefaultCases : long.Parse(given, CultureInfo.InvariantCulture);
        return Math.Max(100, cases * percent / 100);
    }

    /// <summary>Replaces a few bytes or whole numbers, and now and then cuts the end off; returns the length.</summary>
    public static int Spoil(Random random, UnsafeBuffer message, int length)
    {
        for (var edits = random.Next(4); edits > 0 && length > sizeof(long); edits--)
        {
            if (random.Next(2) == 0)
                message.PutByte(random.Next(length), (byte)random.Next(256));
            else
                message.PutInt(random.Next(length / sizeof(int)) * sizeof(int), Number(random));
        }

        return random.Next(16) == 0 ? random.Next(length + 1) : length;
    }

    /// <summary>A number of the kind that lengths and ids are, or one that none should be.</summary>
    public static int Number(Random random) => random.Next(4) switch
    {
        0 => random.Next(-8, 64),
        1 => random.Next(0, 8192),
        2 => 1 << random.Next(32),
        _ => random.Next(int.MinValue, int.MaxValue),
    };
}
