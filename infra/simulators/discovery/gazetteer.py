"""Facts about real places: cities with their states, zones, coordinates, postal codes, area codes, markets and DMAs.

Market and DMA numbers are those of the public Discovery API documentation (US DMAs 212-422, Canadian ones 501-531).
The weights are estimates of how much business a place has, so that states rank about as they do by population.
"""

from __future__ import annotations

from .wording import phrases

STATES: dict[str, str] = dict(
    entry.split("=", 1)
    for entry in phrases("""
AL=Alabama|AK=Alaska|AZ=Arizona|AR=Arkansas|CA=California|CO=Colorado|CT=Connecticut|DE=Delaware
DC=District of Columbia|FL=Florida|GA=Georgia|HI=Hawaii|ID=Idaho|IL=Illinois|IN=Indiana|IA=Iowa|KS=Kansas
KY=Kentucky|LA=Louisiana|ME=Maine|MD=Maryland|MA=Massachusetts|MI=Michigan|MN=Minnesota|MS=Mississippi|MO=Missouri
MT=Montana|NE=Nebraska|NV=Nevada|NH=New Hampshire|NJ=New Jersey|NM=New Mexico|NY=New York|NC=North Carolina
ND=North Dakota|OH=Ohio|OK=Oklahoma|OR=Oregon|PA=Pennsylvania|RI=Rhode Island|SC=South Carolina|SD=South Dakota
TN=Tennessee|TX=Texas|UT=Utah|VT=Vermont|VA=Virginia|WA=Washington|WV=West Virginia|WI=Wisconsin|WY=Wyoming
AB=Alberta|BC=British Columbia|MB=Manitoba|NB=New Brunswick|NL=Newfoundland and Labrador|NS=Nova Scotia|ON=Ontario
PE=Prince Edward Island|QC=Quebec|SK=Saskatchewan|VIC=Victoria
""")
)

MARKETS = {
    "1": "Birmingham & More",
    "2": "Charlotte",
    "3": "Chicagoland & Northern IL",
    "4": "Cincinnati & Dayton",
    "5": "Dallas - Fort Worth & More",
    "6": "Denver & More",
    "7": "Detroit, Toledo & More",
    "8": "El Paso & New Mexico",
    "9": "Grand Rapids & More",
    "10": "Greater Atlanta Area",
    "11": "Greater Boston Area",
    "12": "Cleveland, Youngstown & More",
    "13": "Greater Columbus Area",
    "14": "Greater Las Vegas Area",
    "15": "Greater Miami Area",
    "16": "Minneapolis/St. Paul & More",
    "17": "Greater Orlando Area",
    "18": "Greater Philadelphia Area",
    "19": "Greater Pittsburgh Area",
    "20": "Greater San Diego Area",
    "21": "Greater Tampa Area",
    "22": "Houston & More",
    "23": "Indianapolis & More",
    "24": "Iowa",
    "25": "Jacksonville & More",
    "26": "Kansas City & More",
    "27": "Greater Los Angeles Area",
    "28": "Louisville & Lexington",
    "29": "Memphis, Little Rock & More",
    "30": "Milwaukee & WI",
    "31": "Nashville, Knoxville & More",
    "33": "New England",
    "34": "New Orleans & More",
    "35": "New York/Tri-State Area",
    "36": "Phoenix & Tucson",
    "37": "Portland & More",
    "38": "Raleigh & Durham",
    "39": "Saint Louis & More",
    "40": "San Antonio & Austin",
    "41": "N. California/N. Nevada",
    "42": "Greater Seattle Area",
    "43": "North & South Dakota",
    "44": "Upstate New York",
    "45": "Utah & Montana",
    "46": "Virginia",
    "47": "Washington, DC and Maryland",
    "48": "West Virginia",
    "49": "Hawaii",
    "50": "Alaska",
    "52": "Nebraska",
    "53": "Springfield",
    "54": "Central Illinois",
    "55": "Northern New Jersey",
    "102": "Toronto, Hamilton & Area",
    "103": "Ottawa & Eastern Ontario",
    "106": "Manitoba",
    "107": "Edmonton & Northern Alberta",
    "108": "Calgary & Southern Alberta",
    "110": "B.C. Interior",
    "111": "Vancouver & Area",
    "112": "Saskatchewan",
    "120": "Montréal & Area",
    "121": "South Carolina",
    "122": "South Texas",
    "124": "Connecticut",
    "125": "Oklahoma",
    "202": "London (UK)",
}

ZONES = {
    "E": "America/New_York",
    "C": "America/Chicago",
    "M": "America/Denver",
    "P": "America/Los_Angeles",
    "T": "America/Toronto",
    "V": "America/Vancouver",
    "A": "America/Halifax",
}
"""Abbreviations of the zones that many cities share. The other cities name their zone after `America/`."""

# name | state | zone | latitude | longitude | market | DMA | postal codes | telephone area | weight.
# Alias zones (America/Indianapolis, America/Montreal) are deliberate: the API sends them.
UNITED_STATES = """
Los Angeles|CA|P|34.052|-118.244|27|324|90015,90012,90028,90007|213|3.9
San Francisco|CA|P|37.777|-122.417|41|382|94102,94103,94158|415|1.9
San Diego|CA|P|32.720|-117.160|20|381|92101,92110,92103|619|1.4
Anaheim|CA|P|33.836|-117.914|27|324|92805,92806|714|1.1
San Jose|CA|P|37.338|-121.886|41|382|95113,95110|408|0.9
Sacramento|CA|P|38.582|-121.490|41|374|95814,95811|916|0.9
Oakland|CA|P|37.810|-122.265|41|382|94612,94607|510|0.7
Long Beach|CA|P|33.780|-118.190|27|324|90802|562|0.5
Fresno|CA|P|36.737|-119.787|41|282|93721|559|0.5
Riverside|CA|P|33.981|-117.375|27|324|92501|951|0.4
Palm Springs|CA|P|33.830|-116.545|27|354|92262|760|0.3
Santa Barbara|CA|P|34.428|-119.705|27|383|93101|805|0.3
Bakersfield|CA|P|35.373|-119.019|27|223|93301|661|0.3
Houston|TX|C|29.760|-95.370|22|300|77002,77010|713|2.7
Dallas|TX|C|32.780|-96.797|5|261|75201,75219,75226|214|2.4
Austin|TX|C|30.270|-97.743|40|222|78701,78704|512|1.9
San Antonio|TX|C|29.424|-98.494|40|380|78205,78219|210|1.6
Fort Worth|TX|C|32.755|-97.331|5|261|76102,76107|817|1
Arlington|TX|C|32.736|-97.108|5|261|76011|817|0.6
El Paso|TX|M|31.770|-106.480|8|269|79901|915|0.5
Corpus Christi|TX|C|27.785|-97.410|122|260|78401|361|0.3
Lubbock|TX|C|33.578|-101.855|5|326|79401|806|0.3
New York|NY|E|40.752|-73.985|35|345|10001,10019,10036,10003|212|4.3
Brooklyn|NY|E|40.683|-73.975|35|345|11217,11201,11211|718|1.2
Buffalo|NY|E|42.890|-78.865|44|237|14203,14202|716|0.6
Rochester|NY|E|43.157|-77.609|44|372|14604|585|0.4
Albany|NY|E|42.655|-73.765|44|213|12207|518|0.4
Syracuse|NY|E|43.048|-76.147|44|394|13202|315|0.3
Orlando|FL|E|28.538|-81.379|17|351|32801,32819|407|1.7
Miami|FL|E|25.780|-80.205|15|334|33132,33130|305|1.8
Tampa|FL|E|27.955|-82.457|21|396|33602,33607|813|1.3
Jacksonville|FL|E|30.332|-81.665|25|306|32202|904|0.9
Fort Lauderdale|FL|E|26.122|-80.147|15|334|33301,33312|954|0.7
West Palm Beach|FL|E|26.715|-80.065|15|412|33401|561|0.5
Saint Petersburg|FL|E|27.771|-82.650|21|396|33701|727|0.4
Fort Myers|FL|E|26.635|-81.860|21|279|33901|239|0.3
Tallahassee|FL|E|30.438|-84.281|25|395|32301|850|0.2
Chicago|IL|C|41.882|-87.645|3|249|60601,60612,60607,60654|312|4.2
Rosemont|IL|C|41.995|-87.875|3|249|60018|847|0.4
Peoria|IL|C|40.698|-89.600|54|357|61602|309|0.2
Springfield|IL|C|39.795|-89.650|54|242|62701|217|0.2
Philadelphia|PA|E|39.952|-75.165|18|358|19107,19102,19148|215|2.7
Pittsburgh|PA|E|40.441|-79.985|19|360|15219,15222|412|1.4
Hershey|PA|E|40.286|-76.651|18|294|17033|717|0.4
Allentown|PA|E|40.602|-75.470|18|358|18101|610|0.3
Cleveland|OH|E|41.490|-81.685|12|253|44115,44114|216|1.4
Columbus|OH|E|39.965|-82.995|13|259|43215,43201|614|1.3
Cincinnati|OH|E|39.110|-84.512|4|251|45202|513|1
Toledo|OH|E|41.660|-83.550|7|398|43604|419|0.3
Dayton|OH|E|39.759|-84.192|4|263|45402|937|0.3
Atlanta|GA|E|33.755|-84.390|10|220|30303,30308,30313|404|2.9
Savannah|GA|E|32.070|-81.100|10|384|31401|912|0.4
Augusta|GA|E|33.470|-81.980|10|221|30901|706|0.2
Charlotte|NC|E|35.227|-80.843|2|245|28202|704|1.5
Raleigh|NC|E|35.780|-78.639|38|366|27601|919|0.9
Greensboro|NC|E|36.073|-79.792|38|289|27401|336|0.5
Durham|NC|E|35.994|-78.899|38|366|27701|919|0.4
Detroit|MI|Detroit|42.345|-83.065|7|266|48201,48226|313|2.1
Grand Rapids|MI|Detroit|42.963|-85.668|9|286|49503|616|0.7
Lansing|MI|Detroit|42.733|-84.556|7|317|48933|517|0.3
Newark|NJ|E|40.736|-74.172|55|422|07102|973|1.3
Atlantic City|NJ|E|39.365|-74.435|18|358|08401|609|1
Camden|NJ|E|39.940|-75.110|18|358|08102|856|0.4
Nashville|TN|C|36.163|-86.785|31|343|37203,37201|615|1.7
Memphis|TN|C|35.145|-90.035|29|332|38103|901|0.6
Knoxville|TN|E|35.968|-83.921|31|312|37902|865|0.4
Boston|MA|E|42.358|-71.070|11|235|02114,02116,02215|617|2
Worcester|MA|E|42.263|-71.802|11|235|01608|508|0.3
Springfield|MA|E|42.105|-72.575|33|392|01103|413|0.3
Seattle|WA|P|47.610|-122.325|42|385|98109,98101,98122|206|1.9
Spokane|WA|P|47.655|-117.425|42|391|99201|509|0.4
Tacoma|WA|P|47.245|-122.445|42|385|98402|253|0.4
Phoenix|AZ|Phoenix|33.448|-112.074|36|359|85004,85003|602|1.8
Tucson|AZ|Phoenix|32.222|-110.965|36|402|85701|520|0.5
Tempe|AZ|Phoenix|33.420|-111.935|36|359|85281|480|0.3
Richmond|VA|E|37.545|-77.440|46|369|23219|804|0.9
Norfolk|VA|E|36.860|-76.280|46|346|23510|757|0.8
Alexandria|VA|E|38.808|-77.060|47|409|22314|703|0.5
Roanoke|VA|E|37.271|-79.941|46|370|24016|540|0.3
Saint Louis|MO|C|38.630|-90.210|39|376|63103,63101|314|1.3
Kansas City|MO|C|39.095|-94.580|26|311|64106,64108|816|1
Springfield|MO|C|37.209|-93.292|53|393|65806|417|0.2
Denver|CO|M|39.740|-104.990|6|264|80204,80202|303|1.9
Colorado Springs|CO|M|38.834|-104.821|6|254|80903|719|0.3
Minneapolis|MN|C|44.975|-93.270|16|336|55403,55401|612|1.4
Saint Paul|MN|C|44.950|-93.100|16|336|55102|651|0.6
Duluth|MN|C|46.790|-92.115|16|268|55802|218|0.2
Indianapolis|IN|Indianapolis|39.768|-86.158|23|303|46204|317|1.5
Fort Wayne|IN|Indianapolis|41.075|-85.140|23|281|46802|260|0.3
Evansville|IN|C|37.980|-87.560|28|274|47708|812|0.3
Milwaukee|WI|C|43.040|-87.925|30|335|53203,53202|414|1.2
Madison|WI|C|43.070|-89.400|30|328|53703|608|0.4
Green Bay|WI|C|44.513|-88.030|30|288|54304|920|0.3
Baltimore|MD|E|39.295|-76.615|47|224|21201,21202|410|1.4
Columbia|MD|E|39.204|-76.861|47|224|21044|410|0.4
Las Vegas|NV|P|36.115|-115.173|14|319|89109,89101,89119|702|2.5
Reno|NV|P|39.530|-119.814|41|368|89501|775|0.4
New Orleans|LA|C|29.955|-90.080|34|344|70112,70113|504|1
Baton Rouge|LA|C|30.450|-91.170|34|226|70801|225|0.3
Portland|OR|P|45.520|-122.680|37|362|97205,97227|503|1.1
Eugene|OR|P|44.050|-123.095|37|272|97401|541|0.2
Charleston|SC|E|32.790|-79.945|121|243|29403|843|0.5
Greenville|SC|E|34.850|-82.395|121|291|29601|864|0.5
Columbia|SC|E|34.000|-81.030|121|256|29201|803|0.4
Birmingham|AL|C|33.519|-86.810|1|232|35203|205|0.7
Huntsville|AL|C|34.730|-86.586|1|301|35801|256|0.4
Mobile|AL|C|30.690|-88.055|25|339|36602|251|0.3
Louisville|KY|E|38.240|-85.755|28|325|40202|502|0.8
Lexington|KY|E|38.045|-84.500|28|320|40507|859|0.4
Oklahoma City|OK|C|35.468|-97.516|125|349|73102|405|0.7
Tulsa|OK|C|36.150|-95.985|125|403|74103|918|0.5
Salt Lake City|UT|M|40.761|-111.891|45|378|84101,84111|801|0.9
Provo|UT|M|40.234|-111.665|45|378|84601|801|0.2
Hartford|CT|E|41.766|-72.680|124|296|06103|860|0.5
Uncasville|CT|E|41.435|-72.110|124|296|06382|860|0.3
New Haven|CT|E|41.310|-72.928|124|296|06510|203|0.3
Washington|DC|E|38.907|-77.030|47|409|20004,20001,20009|202|0.8
Des Moines|IA|C|41.587|-93.625|24|265|50309|515|0.6
Cedar Rapids|IA|C|41.978|-91.666|24|241|52401|319|0.3
Wichita|KS|C|37.688|-97.336|26|414|67202|316|0.5
Topeka|KS|C|39.048|-95.678|26|399|66603|785|0.3
Little Rock|AR|C|34.740|-92.285|29|323|72201|501|0.6
Biloxi|MS|C|30.402|-88.905|34|230|39530|228|0.3
Jackson|MS|C|32.299|-90.185|34|304|39201|601|0.3
Omaha|NE|C|41.257|-95.945|52|350|68102|402|0.4
Lincoln|NE|C|40.813|-96.703|52|322|68508|402|0.2
Albuquerque|NM|M|35.084|-106.651|8|215|87102|505|0.4
Santa Fe|NM|M|35.687|-105.938|8|215|87501|505|0.2
Boise|ID|Boise|43.615|-116.205|45|234|83702|208|0.5
Honolulu|HI|Pacific/Honolulu|21.312|-157.848|49|299|96813,96814|808|0.3
Charleston|WV|E|38.345|-81.630|48|244|25301|304|0.3
Huntington|WV|E|38.412|-82.440|48|244|25701|304|0.2
Providence|RI|E|41.824|-71.413|33|364|02903|401|0.4
Manchester|NH|E|42.991|-71.460|33|235|03101|603|0.35
Portland|ME|E|43.660|-70.275|33|361|04101|207|0.35
Billings|MT|M|45.783|-108.505|45|229|59101|406|0.2
Missoula|MT|M|46.868|-113.994|45|338|59802|406|0.1
Wilmington|DE|E|39.746|-75.550|18|358|19801|302|0.3
Sioux Falls|SD|C|43.546|-96.731|43|389|57104|605|0.2
Rapid City|SD|M|44.080|-103.231|43|367|57701|605|0.1
Fargo|ND|C|46.877|-96.795|43|276|58102|701|0.2
Bismarck|ND|C|46.808|-100.780|43|337|58501|701|0.1
Burlington|VT|E|44.476|-73.200|33|238|05401|802|0.2
Anchorage|AK|Anchorage|61.210|-149.870|50|219|99501|907|0.2
Cheyenne|WY|M|41.140|-104.820|6|248|82001|307|0.15
"""

CANADA = """
Toronto|ON|T|43.660|-79.390|102|527|M5J 2X2,M5V 1J1|416|3
Ottawa|ON|T|45.415|-75.700|103|519|K1P 5W1|613|0.9
Hamilton|ON|T|43.250|-79.870|102|508|L8R 3L4|905|0.6
London|ON|T|42.984|-81.245|102|510|N6A 6K1|519|0.4
Mississauga|ON|T|43.589|-79.644|102|511|L5B 3C1|905|0.4
Niagara Falls|ON|T|43.080|-79.100|102|508|L2G 7X5|905|0.3
Windsor|ON|T|42.300|-83.025|||N9A 7H7|519|0.3
Kitchener|ON|T|43.451|-80.493|102|509|N2H 6P7|519|0.3
Montréal|QC|Montreal|45.502|-73.580|120|522|H3B 5E8,H2X 1Y9|514|2.2
Québec|QC|T|46.815|-71.230|120|522|G1L 5A8|418|0.8
Gatineau|QC|T|45.480|-75.720|103|519|J8X 3X7|819|0.3
Vancouver|BC|V|49.265|-123.110|111|528|V6B 6G1|604|2
Victoria|BC|V|48.435|-123.365|111|529|V8T 4J2|250|0.3
Kelowna|BC|V|49.885|-119.480|110|518|V1Y 9P3|250|0.3
Calgary|AB|Edmonton|51.045|-114.057|108|505|T2G 0K8|403|1.1
Edmonton|AB|Edmonton|53.540|-113.500|107|506|T5J 0H6|780|1
Red Deer|AB|Edmonton|52.260|-113.811|108|523|T4R 2N7|403|0.2
Winnipeg|MB|Winnipeg|49.890|-97.145|106|530|R3C 5M4|204|0.8
Regina|SK|Regina|50.445|-104.619|112|524|S4P 3N8|306|0.35
Saskatoon|SK|Regina|52.125|-106.660|112|524|S7K 0C8|306|0.35
Halifax|NS|A|44.645|-63.590||516|B3J 1N8|902|0.5
Moncton|NB|Moncton|46.095|-64.785||514|E1C 0V2|506|0.3
St. John's|NL|St_Johns|47.561|-52.725||512|A1C 5R2|709|0.25
Charlottetown|PE|A|46.240|-63.135||520|C1A 1J1|902|0.15
"""

# the same without area and with the country after the state
ABROAD = """
Ciudad de México|CDMX|MX|America/Mexico_City|19.405|-99.096|||08400|2
London||GB|Europe/London|51.503|0.003|202|602|SE10 0DX|2
Melbourne|VIC|AU|Australia/Melbourne|-37.821|144.978||702|3000|1
Praha||CZ|Europe/Prague|50.105|14.494|||19000|1
"""
