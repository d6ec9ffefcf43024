import sys
from PIL import Image
out, *paths = sys.argv[1:]
ims=[Image.open(p).convert("RGB") for p in paths]
cols=4; rows=[ims[i:i+cols] for i in range(0,len(ims),cols)]
W=max(sum(i.width for i in r) for r in rows); H=sum(max(i.height for i in r) for r in rows)
s=Image.new("RGB",(W,H),"white"); y=0
for r in rows:
    x=0
    for i in r: s.paste(i,(x,y)); x+=i.width
    y+=max(i.height for i in r)
s.save(out)
