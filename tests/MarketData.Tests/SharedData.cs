namespace ExecutionPipeline.MarketData.Tests;

/// <summary>The market data that lies beside the repository and is not part of it.</summary>
internal static class SharedData
{
    /// <summary>The recorded day of the E-mini S&amp;P 500 future; the test is ignored where it is missing.</summary>
    public static string EsDay() =>
        RepositoryFiles.SharedPathOf("data", "esh4-glbx-mdp3-20231225.mbo.dbn.gz");
}
