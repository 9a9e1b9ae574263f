namespace ExecutionPipeline.Stages.Risk;

/// <summary>Says of sizes whether an order of each keeps every limit.</summary>
internal interface ISizeJudge
{
    bool IsAdmissible(int size);
}

/// <summary>Finds the largest admissible size by few judgements, however many sizes there are.</summary>
internal static class SizeSearch
{
    /// <summary>A range is divided into so many parts at most, and the bounds of each are judged.</summary>
    public const int Parts = 256;

    /// <summary>
    /// The largest admissible size of a range, or 0. The admissible ones must be in one row, which can begin and end
    /// anywhere. A row that lies between two bounds of parts is not found: it is shorter than a part, and a range of up
    /// to <see cref="Parts"/> sizes has none such.
    /// </summary>
    public static int Largest<TJudge>(int lowest, int highest, scoped in TJudge judge)
        where TJudge : struct, ISizeJudge, allows ref struct
    {
        var part = Math.Max(1, (highest - lowest + Parts - 1) / Parts);
        var tooLarge = highest + 1;
        for (var size = highest; size >= lowest; size = size == lowest ? 0 : Math.Max(lowest, size - part))
        {
            if (judge.IsAdmissible(size))
                return LargestBelow(tooLarge, size, judge);

            tooLarge = size;
        }

        return 0;
    }

    private static int LargestBelow<TJudge>(int tooLarge, int admissible, scoped in TJudge judge)
        where TJudge : struct, ISizeJudge, allows ref struct
    {
        while (tooLarge - admissible > 1)
        {
            var middle = admissible + (tooLarge - admissible) / 2;
            if (judge.IsAdmissible(middle))
                admissible = middle;
            else
                tooLarge = middle;
        }

        return admissible;
    }
}
