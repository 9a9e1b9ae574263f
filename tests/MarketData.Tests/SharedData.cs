namespace ExecutionPipeline.MarketData.Tests;

/// <summary>The market data that lies beside the repository and is not part of it.</summary>
internal static class SharedData
{
    /// <summary>The recorded day of the E-mini S&amp;P 500 future; the test is ignored where it is missing.</summary>
    public static string EsDay()
    {
        var path = Find("esh4-glbx-mdp3-20231225.mbo.dbn.gz");
        if (path is null)
            Assert.Ignore("The recorded ES day is not there: put the shared data folder beside the repository.");

        return path!;
    }

    private static string? Find(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "ExecutionPipeline.sln")))
                continue;

            var path = Path.Combine(folder.FullName, "..", "shared", "data", name);
            return File.Exists(path) ? path : null;
        }

        return null;
    }
}
